import { CfnIntegration, CfnRoute, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { type Auth, type Group, routeKeyOf, routes } from '#functions/routes.ts';
import { acknowledge } from '../acknowledge.ts';
import type { GroupFunction } from './group-function.ts';

export type ApiRoutesProps = {
  readonly api: HttpApi;
  readonly functions: Readonly<Record<Group, GroupFunction>>;
};

/** API Gateway passes on what a Lambda of this version of the event understands. */
const PAYLOAD_VERSION = '2.0';

/** Why API Gateway does not authorize the calls. */
const AUTHORIZATION: Readonly<Record<Auth, string>> = {
  none: 'Anybody may call it: it is how credentials are got, or it tells nothing of any account.',
  account: 'The Lambda checks the Bearer token or the API key itself, as it does in every home.',
  instance:
    'The Lambda checks the credentials itself: an instance has its own, which may come in the body or the query, where no authorizer looks.',
  either:
    'The Lambda checks the credentials itself: an instance has its own, which may come in the body or the query, where no authorizer looks.',
};

/**
 * The routes of `functions/routes.ts`, one to one, each to the Lambda of its group. API Gateway takes no route with a
 * slash at its end.
 */
export class ApiRoutes extends Construct {
  constructor(scope: Construct, id: string, { api, functions }: ApiRoutesProps) {
    super(scope, id);
    const integrations = new Map<Group, CfnIntegration>();
    for (const route of routes) {
      const integration =
        integrations.get(route.group) ?? this.#integrate(route.group, { api, functions });
      integrations.set(route.group, integration);
      const resource = new CfnRoute(this, `${route.method} ${route.path}`, {
        apiId: api.apiId,
        routeKey: routeKeyOf(route),
        authorizationType: 'NONE',
        target: `integrations/${integration.ref}`,
      });
      acknowledge(resource, 'APIG4', AUTHORIZATION[route.auth]);
    }
  }

  #integrate(group: Group, { api, functions }: ApiRoutesProps): CfnIntegration {
    return new CfnIntegration(this, group, {
      apiId: api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: functions[group].lambda.functionArn,
      payloadFormatVersion: PAYLOAD_VERSION,
    });
  }
}
