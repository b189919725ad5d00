import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, it } from 'vitest';
import { forwardEndSlash } from '#functions/fallback/forward-end-slash.ts';
import { aContext, anEvent } from '../lambda-event.ts';

const REFUSED = { statusCode: 404 };
const ANSWERED = { statusCode: 200 };

type Forwarded = { readonly group: string; readonly event: APIGatewayProxyEventV2 };

/** What `$default` answers to the call, and to whom it handed it on. */
async function fallBack(method: string, path: string) {
  const forwarded: Forwarded[] = [];
  const handle = forwardEndSlash(
    async () => REFUSED,
    async (group, event) => {
      forwarded.push({ group, event });
      return ANSWERED;
    },
  );
  const event = { ...anEvent({ routeKey: `${method} ${path}`, path }), routeKey: '$default' };
  return { answer: await handle(event, aContext()), forwarded };
}

it.each([
  ['GET', '/whatsapp/', 'instances', 'GET /whatsapp', undefined],
  ['GET', '/whatsapp/instance/', 'instances', 'GET /whatsapp/instance', undefined],
  ['POST', '/whatsapp/message/', 'messages', 'POST /whatsapp/message', undefined],
  ['DELETE', '/whatsapp/0123/', 'instances', 'DELETE /whatsapp/{id}', { id: '0123' }],
])('hands %s %s on to the Lambda of %s', async (method, path, group, routeKey, pathParameters) => {
  const { answer, forwarded } = await fallBack(method, path);

  expect(answer).toBe(ANSWERED);
  expect(forwarded).toHaveLength(1);
  expect(forwarded[0]?.group).toBe(group);
  expect(forwarded[0]?.event).toMatchObject({ routeKey, requestContext: { routeKey } });
  expect(forwarded[0]?.event.pathParameters).toEqual(pathParameters);
});

it.each([
  ['GET', '/nowhere/'],
  ['GET', '/'],
  ['GET', '//'],
  ['PATCH', '/whatsapp/'],
  ['HEAD', '/whatsapp/'],
  ['GET', '/whatsapp//'],
  ['GET', '/whatsapp/%ff/'],
  // API Gateway itself would have found the route.
  ['GET', '/whatsapp'],
])('refuses %s %s', async (method, path) => {
  const { answer, forwarded } = await fallBack(method, path);

  expect(answer).toBe(REFUSED);
  expect(forwarded).toEqual([]);
});
