import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { LambdaHandler } from '../http/group-handler.ts';
import { routeMatcher } from '../http/match-route.ts';
import { type Group, routeKeyOf, routes } from '../routes.ts';
import { routePathOf } from './route-path.ts';

/** Lets the Lambda of a group answer a call. */
export type InvokeGroup = (
  group: Group,
  event: APIGatewayProxyEventV2,
) => Promise<APIGatewayProxyStructuredResultV2>;

const match = routeMatcher(routes);

/**
 * What `$default` does on API Gateway. An HTTP API takes no route with a slash at its end, and whether it matches
 * `/whatsapp/` with the route `/whatsapp` is documented nowhere. A call that comes here only because of that slash
 * goes to the Lambda of its route; every other one is for `refuse`.
 */
export function forwardEndSlash(refuse: LambdaHandler, invoke: InvokeGroup): LambdaHandler {
  return async (event, context) => {
    const path = routePathOf(event);
    const { route, params } = match(event.requestContext.http.method, path);
    if (route.path === '$default' || !path.endsWith('/')) {
      return await refuse(event, context);
    }
    const routeKey = routeKeyOf(route);
    return await invoke(route.group, {
      ...event,
      routeKey,
      requestContext: { ...event.requestContext, routeKey },
      ...(Object.keys(params).length > 0 && { pathParameters: params }),
    });
  };
}
