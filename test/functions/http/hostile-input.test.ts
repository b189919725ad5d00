import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { makeDocument } from '../../../openapi/make-document.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { type Account, aLinkedInstance, anAccount, call, type OwnedInstance } from '../callers.ts';

const RUNS = 25;

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
  instance = await aLinkedInstance(api, account);
});
afterAll(async () => {
  await api.close();
});

beforeEach(async () => {
  const json = { ...instance.credentials, webhook_url: 'https://example.com/hook' };
  await call(api, 'PUT /whatsapp/setWebhook', { json });
});

/** Deleting and logging out would end what the others are tried on. */
const tried = routes.filter(
  ({ path, operation }) =>
    path !== '$default' && !['deleteInstance', 'logoutInstance'].includes(operation),
);

const contentType = fc.constantFrom(
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/octet-stream',
  '',
);

/** Fields that exist, with values that nobody should send. */
const fields = fc.dictionary(
  fc.constantFrom(
    'session_id',
    'access_token',
    'email',
    'password',
    'name',
    'refresh_token',
    'chatId',
    'message',
    'phone',
    'config',
    'webhook_url',
    'events',
    'requestConfig',
    'url',
    'filters',
    'state',
    'since',
    'until',
    'cursor',
    'after',
    'limit',
    'wait',
    'location',
    'bot_name',
    'bot_timezone',
    'bot_lang',
    'default_msg',
    'send_webhook',
    'monday',
    'from',
    'to',
    'fullName',
    'displayName',
    'organization',
    'phoneNumber',
    'toString',
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('http://', 'https://[::1', '@c.us', '-1', 'all', '{}', 'null'),
  ),
);

const body = fc.oneof(
  fields.map((value) => Buffer.from(JSON.stringify(value))),
  fields.map((value) => Buffer.from(new URLSearchParams(asText(value)).toString())),
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

function asText(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'string' ? field : JSON.stringify(field),
    ]),
  );
}

/** The statuses that the document of the API names for the route. */
function documentedStatuses({ method, path }: (typeof tried)[number]): string[] {
  const item = z
    .record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))
    .parse(makeDocument('1.2.3').paths?.[path]);
  return Object.keys(item[method.toLowerCase()]?.responses ?? {});
}

it.each(tried)('$method $path never fails by bad input', async (route) => {
  const { method, path } = route;
  const documented = documentedStatuses(route);
  await fc.assert(
    fc.asyncProperty(body, contentType, fc.boolean(), async (bytes, type, isKnown) => {
      const target = path
        .replace('{webhookId}', 'main')
        // Without an id it would be another route.
        .replace(/\{\w+\}/, encodeURIComponent(bytes.toString('base64') || 'none'));
      const query = isKnown ? instance.query : '';
      const answer = await call(api, `${method} ${target}${query}`, {
        headers: { ...(isKnown && account.headers), ...(type && { 'content-type': type }) },
        body: bytes,
      });
      // What an installation cannot do is no fault.
      if (answer.status !== 501) expect(answer.status).toBeLessThan(500);
      expect(documented).toContain(`${answer.status}`);
      expect(answer.status < 300 || answer.text.includes('"status":false')).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

it('has tried most routes', () => {
  expect(tried.length).toBeGreaterThan(15);
});

it.each([
  '/whatsapp/%ff',
  '/whatsapp/%00',
  '/whatsapp/..%2f..%2fhealthz',
  '//evil.example.com/',
  '/whatsapp/message/true_%40c.us_3EB0000000000000000000',
  `/whatsapp/message/${'A'.repeat(5000)}`,
  '/whatsapp/instance?session_id=%ff&access_token=%00',
  '/whatsapp/scan?format=__proto__',
])('GET %s never fails', async (path) => {
  const answer = await call(api, `GET ${path}`, { headers: account.headers });

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});
