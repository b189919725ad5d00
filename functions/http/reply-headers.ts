import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { routeKeyOf, routes } from '../routes.ts';
import type { CallContext } from './call-notes.ts';
import type { Reply } from './reply.ts';

/** OWASP's headers for a REST API. A reply's own headers go before these. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const DEPRECATED: ReadonlySet<string> = new Set(
  routes.filter((route) => 'deprecated' in route).map(routeKeyOf),
);

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, Reply, Error, CallContext>;

/** Adds the headers that every answer carries, of success and of refusal. */
export function replyHeaders(): Middleware {
  const addHeaders: NonNullable<Middleware['after']> = (request) => {
    const { response, event, context } = request;
    if (!response) return;
    const { renewedToken } = context.notes;
    request.response = {
      ...response,
      headers: {
        ...SECURITY_HEADERS,
        'x-request-id': event.requestContext.requestId,
        ...(renewedToken !== undefined && { 'x-access-token': renewedToken }),
        ...(DEPRECATED.has(event.routeKey) && { deprecation: 'true' }),
        ...response.headers,
      },
    };
  };
  return { after: addHeaders, onError: addHeaders };
}
