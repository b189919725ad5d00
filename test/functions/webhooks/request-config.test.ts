import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anInstance,
  call,
  dataOf,
  errorOf,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';

const PASSWORD = 'Basic dXNlcjpzM2NyZXQ=';
const HEADERS = { Authorization: PASSWORD, 'X-Api-Key': 'k3y-of-theirs', 'X-Tenant': 7 };
const REQUEST = {
  headers: { authorization: PASSWORD, 'x-api-key': 'k3y-of-theirs', 'x-tenant': '7' },
  timeoutMs: 5_000,
};
const SHOWN = {
  headers: { authorization: '•••', 'x-api-key': '•••', 'x-tenant': '7' },
  timeout: 5_000,
};

const Webhook = z.object({ requestConfig: z.unknown() });

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await anInstance(api, account);
});

async function set(requestConfig?: unknown, headers = {}): Promise<Answer> {
  const json = { ...instance.credentials, webhook_url: 'https://example.com/', requestConfig };
  return await call(api, 'PUT /whatsapp/setWebhook', { headers, json });
}

async function show(): Promise<Answer> {
  const { headers } = account;
  const { session_id } = instance.credentials;
  return await call(api, `GET /whatsapp/webhook?session_id=${session_id}`, { headers });
}

async function kept(): Promise<unknown> {
  return (await api.deps.endpoints.get({ instanceId: instance.id }, 'main'))?.request;
}

describe('requestConfig', () => {
  it('is kept, and shown without what lets the posts in', async () => {
    expect((await set({ headers: HEADERS, timeout: 5_000 })).status).toBe(204);

    expect(await kept()).toEqual(REQUEST);
    expect(dataOf(await show(), Webhook).requestConfig).toEqual(SHOWN);
  });

  it('is shown no further to who has just set it', async () => {
    const prefer = { prefer: 'return=representation' };
    const answer = await set({ headers: HEADERS, timeout: 5_000 }, prefer);

    expect(dataOf(answer, Webhook).requestConfig).toEqual(SHOWN);
    expect(answer.text).not.toContain('k3y-of-theirs');
  });

  it('may be text in a form', async () => {
    const body = new URLSearchParams({
      ...instance.credentials,
      webhook_url: 'https://example.com/',
      requestConfig: JSON.stringify({ headers: HEADERS, timeout: 5_000 }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call(api, 'PUT /whatsapp/setWebhook', { headers, body: `${body}` });

    expect(answer.status).toBe(204);
    expect(await kept()).toEqual(REQUEST);
  });

  it.each([undefined, null, {}])('is gone when the webhook is set anew with %j', async (config) => {
    await set({ headers: HEADERS });
    expect((await set(config)).status).toBe(204);

    expect(await kept()).toBeUndefined();
    expect(dataOf(await show(), Webhook).requestConfig).toEqual({});
  });

  it('is gone when init sets the webhook anew', async () => {
    await set({ headers: HEADERS });
    const config = { setWebhook: true, webhookUrl: 'https://example.com/' };
    const json = { ...instance.credentials, config };
    expect((await call(api, 'POST /whatsapp/init', { json })).status).toBe(204);

    expect(await kept()).toBeUndefined();
  });

  it('stays when the endpoint is disabled', async () => {
    await set({ headers: HEADERS, timeout: 5_000 });
    const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, 'main');
    if (!endpoint) throw new Error('There is no endpoint.');
    await api.deps.endpoints.disable(endpoint, { reason: 'gone', at: new Date(0) });

    expect(await kept()).toEqual(REQUEST);
  });

  it.each([
    ['text', 'requestConfig'],
    [[], 'requestConfig'],
    [{ method: 'GET' }, 'requestConfig.method'],
    [{ url: 'https://other.example/' }, 'requestConfig.url'],
    [{ data: {} }, 'requestConfig.data'],
    [{ timeout: 10_001 }, 'requestConfig.timeout'],
    [{ timeout: 0 }, 'requestConfig.timeout'],
    [{ timeout: '5000' }, 'requestConfig.timeout'],
    [{ headers: [] }, 'requestConfig.headers'],
    [{ headers: { Host: 'x' } }, 'requestConfig.headers.Host'],
    [{ headers: { 'Content-Length': 0 } }, 'requestConfig.headers.Content-Length'],
    [{ headers: { 'Webhook-Signature': 'v1,x' } }, 'requestConfig.headers.Webhook-Signature'],
    [{ headers: { 'x-a': 'a\r\nhost: b' } }, 'requestConfig.headers.x-a'],
    [{ headers: { 'x-a': 'b', 'X-A': 'b' } }, 'requestConfig.headers.X-A'],
    [{ headers: { 'x-a': { b: 'c' } } }, 'requestConfig.headers.x-a'],
  ])('refuses %j at its path', async (config, path) => {
    const answer = await set(config);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect((await show()).status).toBe(404);
  });

  it('says what may be set when something else is', async () => {
    const answer = await set({ method: 'GET' });

    expect(errorOf(answer).details?.[0]?.message).toBe(
      'may not be set: only headers and timeout may be set',
    );
  });

  it('does not take for a value what stands for a hidden one', async () => {
    const answer = await set(SHOWN);

    expect(faultPaths(answer)).toEqual([
      'requestConfig.headers.authorization',
      'requestConfig.headers.x-api-key',
    ]);
  });

  it('is in no answer to a refusal, and in no line of the log', async () => {
    const refused = await set({ headers: { ...HEADERS, host: 'h0st-of-theirs' } });
    await set({ headers: HEADERS });
    const told = JSON.stringify([refused.text, api.logLines()]);

    expect(api.logLines().length).toBeGreaterThan(0);
    for (const secret of [PASSWORD, 'k3y-of-theirs', 'h0st-of-theirs']) {
      expect(told).not.toContain(secret);
    }
  });
});
