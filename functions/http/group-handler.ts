import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { GetDeps } from '../deps.ts';
import { type Group, type RouteOf, routeKeyOf, routes } from '../routes.ts';
import { accessLog } from './access-log.ts';
import { callLogger } from './call-logger.ts';
import type { CallContext } from './call-notes.ts';
import type { Operation } from './define-route.ts';
import { errorReply, toDomainError } from './error-reply.ts';
import type { Reply } from './reply.ts';
import { replyHeaders } from './reply-headers.ts';
import { toResult } from './to-result.ts';

export type LambdaHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Exactly the operations that `routes.ts` names for the group, each with the `auth` it has there. */
type Operations<G extends Group> = {
  readonly [R in RouteOf<G> as R['operation']]: Operation<R['auth']>;
};

/** The Lambda of one group: finds the operation by the event's `routeKey`, and turns its outcome into an answer. */
export function groupHandler<G extends Group>(
  group: G,
  operations: Operations<G>,
): (getDeps: GetDeps) => LambdaHandler {
  const byRouteKey = operationsByRouteKey(group, operations);
  return (getDeps) => {
    const chain = middy<APIGatewayProxyEventV2, Reply, Error, CallContext>()
      .use(accessLog())
      .use(replyHeaders())
      .onError((request) => {
        request.response = errorReply(toDomainError(request.error));
      })
      .handler(async (event, { deps, notes }) => {
        const operation = byRouteKey.get(event.routeKey);
        if (!operation) throw new Error(`The group ${group} has no route ${event.routeKey}.`);
        return await operation.handle(event, deps, notes);
      });
    return async (event, context) => {
      const deps = await getDeps();
      const call = Object.assign(context, {
        deps: { ...deps, logger: callLogger({ event, context }, deps.logger) },
        notes: {},
        startedAt: deps.now(),
      });
      try {
        return toResult(await chain(event, call));
      } finally {
        // Lambda freezes the process when the answer is out.
        deps.metrics.flush();
      }
    };
  };
}

function operationsByRouteKey<G extends Group>(
  group: G,
  operations: Operations<G>,
): ReadonlyMap<string, Operation> {
  const named: Readonly<Record<string, Operation>> = operations;
  const byRouteKey = new Map<string, Operation>();
  for (const route of routes) {
    const operation = named[route.operation];
    if (route.group === group && operation) byRouteKey.set(routeKeyOf(route), operation);
  }
  return byRouteKey;
}
