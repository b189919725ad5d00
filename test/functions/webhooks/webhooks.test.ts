import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { saveMain } from '#functions/webhooks/save-main.ts';
import { LIVE_EVENTS, WebhookEventName } from '#shared/domain/event-name.ts';
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
  recordOf,
} from '../callers.ts';
import { nextDoorbell } from '../next-doorbell.ts';

const URL_A = 'https://eoy4r2ybzzfdw9y.m.pipedream.net/';
const ALL = [...LIVE_EVENTS];

const Webhook = z.strictObject({
  url: z.string(),
  events: z.array(z.string()),
  requestConfig: z.strictObject({
    headers: z.record(z.string(), z.string()).optional(),
    timeout: z.number().optional(),
  }),
  state: z.string(),
  disabled_reason: z.string().nullable(),
  secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/),
});

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

async function set(fields: object, headers = {}): Promise<Answer> {
  const json = { ...instance.credentials, webhook_url: URL_A, ...fields };
  return await call(api, 'PUT /whatsapp/setWebhook', { headers, json });
}

async function show(): Promise<Answer> {
  const { headers } = account;
  const { session_id } = instance.credentials;
  return await call(api, `GET /whatsapp/webhook?session_id=${session_id}`, { headers });
}

describe('PUT /whatsapp/setWebhook', () => {
  it("takes the customer's page's call, and the runner is told", async () => {
    const answer = await set({ events: ['onMessage', 'onAnyMessage'], requestConfig: {} });

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(dataOf(await show(), Webhook)).toMatchObject({
      url: URL_A,
      events: ['onMessage', 'onAnyMessage'],
      requestConfig: {},
      state: 'ACTIVE',
      disabled_reason: null,
    });
    const doorbell = await nextDoorbell(api, await recordOf(api, instance));
    expect(doorbell).toMatchObject({ kind: 'webhook', endpointId: 'main' });
  });

  it('answers the webhook when that is preferred', async () => {
    const prefer = 'respond-async, return=representation';
    const answer = await set({ events: 'all' }, { ...account.headers, prefer });

    expect(answer.status).toBe(200);
    expect(answer.text).toBe((await show()).text);
  });

  it("shows no secret to the instance's own token", async () => {
    const answer = await set({}, { prefer: 'return=representation' });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ data: { url: URL_A } });
    expect(answer.text).not.toContain('whsec_');
  });

  it('keeps the secret, and is active again, when it is set anew', async () => {
    await set({});
    const first = dataOf(await show(), Webhook);
    const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, 'main');
    if (!endpoint) throw new Error('There is no endpoint.');
    await api.deps.endpoints.disable(endpoint, { reason: 'gone', at: new Date(0) });
    const disabled = { state: 'DISABLED', disabled_reason: 'gone', secret: first.secret };
    expect(dataOf(await show(), Webhook)).toMatchObject(disabled);

    await set({ webhook_url: 'https://example.com/other' });
    expect(dataOf(await show(), Webhook)).toEqual({ ...first, url: 'https://example.com/other' });
  });

  it('agrees on one secret when several set it at once', async () => {
    const record = await recordOf(api, instance);
    if (!record) throw new Error('There is no record.');
    const target = { url: URL_A, events: [] };
    const endpoints = await Promise.all([1, 2, 3].map(() => saveMain(record, target, api.deps)));

    expect(new Set(endpoints.map(({ secret }) => secret)).size).toBe(1);
    expect(dataOf(await show(), Webhook).secret).toBe(endpoints[0]?.secret);
  });

  it.each([
    ['all', ALL],
    [['all'], ALL],
    [undefined, ALL],
    [
      ['message', 'Ack'],
      ['onMessage', 'onAck'],
    ],
    ['onLogout,onMessage', ['onMessage', 'onLogout']],
    [['onAck', 'onAck'], ['onAck']],
    [
      ['battery', 'onTest'],
      ['onBattery', 'onTest'],
    ],
  ])('takes the events %j', async (events, expected) => {
    await set({ events });

    expect(dataOf(await show(), Webhook).events).toEqual(expected);
  });

  it.each([
    [{ events: ['onNothing'] }, 'events.0'],
    [{ events: ['onAck', 'on'] }, 'events.1'],
    [{ events: [] }, 'events'],
    [{ events: 5 }, 'events'],
    [{ webhook_url: undefined }, 'webhook_url'],
    [{ webhook_url: '' }, 'webhook_url'],
    [{ webhook_url: 'valid_url' }, 'webhook_url'],
    [{ webhook_url: 'http://example.com/' }, 'webhook_url'],
    [{ webhook_url: 'https://user:pass@example.com/' }, 'webhook_url'],
    [{ webhook_url: 'https://127.0.0.1/' }, 'webhook_url'],
    [{ webhook_url: `https://example.com/${'x'.repeat(2048)}` }, 'webhook_url'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await set(fields);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect((await show()).status).toBe(404);
  });

  it('names the events that there are when one is unknown', async () => {
    const answer = await set({ events: ['onNothing'] });

    expect(errorOf(answer).details?.[0]?.message).toBe(
      `must be one of ${WebhookEventName.options.join(', ')}`,
    );
  });

  it('takes private hosts and plain http where that is allowed', async () => {
    const open = await startApi({ config: { allowPrivateUrls: true } });
    try {
      const { credentials } = await anInstance(open, await anAccount(open));
      const json = { ...credentials, webhook_url: 'http://127.0.0.1:9000/hook' };
      expect((await call(open, 'PUT /whatsapp/setWebhook', { json })).status).toBe(204);
    } finally {
      await open.close();
    }
  });
});

describe('GET /whatsapp/webhook', () => {
  it('is a 404 while none is set', async () => {
    const answer = await show();

    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe('not_found');
  });

  it("does not open to the instance's own token", async () => {
    await set({});
    const answer = await call(api, `GET /whatsapp/webhook${instance.query}`);

    expect(answer.status).toBe(401);
  });

  it('needs to know which instance', async () => {
    const { headers } = account;
    const answer = await call(api, 'GET /whatsapp/webhook', { headers });

    expect(faultPaths(answer)).toEqual(['session_id']);
  });
});
