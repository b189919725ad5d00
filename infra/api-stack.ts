import { Arn, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Group } from '#functions/routes.ts';
import { acknowledge } from './acknowledge.ts';
import { accessLog } from './api/access-log.ts';
import { ApiRoutes } from './api/api-routes.ts';
import { corsPreflight } from './api/cors.ts';
import { CustomDomain } from './api/custom-domain.ts';
import { GroupFunction } from './api/group-function.ts';
import type { Config } from './config.ts';
import type { DataStack } from './data-stack.ts';
import { named } from './names.ts';

export type ApiStackProps = StackProps & { readonly config: Config; readonly data: DataStack };

/** Twice the bits of the hash that signs (RFC 7518 §3.2), in letters and digits. */
const JWT_SECRET_LENGTH = 64;

/** The control plane: an HTTP API and a Lambda for each group of its operations. */
export class ApiStack extends Stack {
  readonly api: HttpApi;
  readonly functions: Readonly<Record<Group, GroupFunction>>;

  constructor(scope: Construct, id: string, { config, data, ...props }: ApiStackProps) {
    super(scope, id, {
      description: 'WhatsApp bots: the HTTP API, a Lambda for each group of operations.',
      ...props,
    });
    const domain = this.#makeDomain(config);
    const cors = corsPreflight(config);
    this.api = new HttpApi(this, 'Api', {
      apiName: named(config, 'api'),
      createDefaultStage: false,
      // With a domain of its own, nobody is to depend on the other one.
      disableExecuteApiEndpoint: domain !== undefined,
      ...(cors && { corsPreflight: cors }),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: accessLog(this, config),
      throttle: { rateLimit: config.throttleRate, burstLimit: config.throttleBurst },
      ...(domain && { domainMapping: { domainName: domain.domainName } }),
    });
    const jwtSecret = this.#makeJwtSecret();
    this.functions = this.#makeFunctions({ config, data, jwtSecret });
    new ApiRoutes(this, 'Routes', { api: this.api, functions: this.functions });

    const url = config.domainName === undefined ? stage.url : `https://${config.domainName}/`;
    new CfnOutput(this, 'ApiUrl', { value: url });
    new CfnOutput(this, 'JwtSecretArn', { value: jwtSecret.secretArn });
  }

  #makeFunctions(parts: { config: Config; data: DataStack; jwtSecret: Secret }) {
    const calls = Arn.format(
      { service: 'execute-api', resource: this.api.apiId, resourceName: '*' },
      this,
    );
    const make = (group: Group) => new GroupFunction(this, group, { ...parts, calls });
    const groups = {
      auth: make('auth'),
      instances: make('instances'),
      messages: make('messages'),
      webhooks: make('webhooks'),
      settings: make('settings'),
      contacts: make('contacts'),
      bot: make('bot'),
      people: make('people'),
      attachments: make('attachments'),
      runners: make('runners'),
      health: make('health'),
      docs: make('docs'),
    };
    const fallback = make('fallback');
    fallback.forwardTo(groups);
    return { ...groups, fallback } satisfies Record<Group, GroupFunction>;
  }

  #makeJwtSecret(): Secret {
    const secret = new Secret(this, 'JwtSecret', {
      description: 'Signs the access tokens of WhatsApp bots.',
      generateSecretString: { passwordLength: JWT_SECRET_LENGTH, excludePunctuation: true },
    });
    acknowledge(
      secret,
      'SMG4',
      'A new secret is set by hand, as docs/operations.md says: the Lambdas take the one before it too, until the tokens that it signed have expired. A rotation by a Lambda would be one more that may read it.',
    );
    return secret;
  }

  #makeDomain(config: Config): CustomDomain | undefined {
    const { domainName, certificateArn, hostedZoneId, hostedZoneName } = config;
    if (domainName === undefined || certificateArn === undefined) return undefined;
    const props = { domainName, certificateArn, hostedZoneId, hostedZoneName };
    return new CustomDomain(this, 'Domain', props);
  }
}
