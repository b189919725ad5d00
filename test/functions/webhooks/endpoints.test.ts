import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
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

const URL_A = 'https://example.com/a';
const _DAY_MS = 24 * 3_600_000;

const View = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  filters: z.unknown(),
  requestConfig: z.unknown(),
  state: z.string(),
  disabled_reason: z.string().nullable(),
  failing_since: z.string().nullable(),
  old_secret_until: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
const WithSecret = View.extend({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/) });
const List = z.strictObject({ webhooks: z.array(View) });

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => await api.close());
beforeEach(async () => {
  instance = await anInstance(api, account);
});

/** A call of the instance's owner, or of the instance itself. */
async function ask(route: string, fields: object = {}, by: 'owner' | 'itself' = 'owner') {
  const [method = '', path = ''] = route.split(' ');
  const { session_id } = instance.credentials;
  if (by === 'itself') {
    return await call(api, `${method} /whatsapp${path}`, {
      json: { ...instance.credentials, ...fields },
    });
  }
  const { headers } = account;
  return await call(api, `${method} /whatsapp${path}`, {
    headers,
    json: { session_id, ...fields },
  });
}

async function create(fields: object = {}): Promise<z.infer<typeof WithSecret>> {
  return dataOf(await ask('POST /webhooks', { url: URL_A, ...fields }), WithSecret);
}

async function show(id: string): Promise<z.infer<typeof View>> {
  return dataOf(await ask(`GET /webhooks/${id}`), View);
}

async function stored(id: string) {
  const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, id);
  if (!endpoint) throw new Error('There is no endpoint.');
  return endpoint;
}

describe('POST /whatsapp/webhooks', () => {
  it('makes a webhook beside that of setWebhook, and shows its secret once, to the owner', async () => {
    await ask('PUT /setWebhook', { webhook_url: 'https://example.com/main' });
    const answer = await ask('POST /webhooks', { webhook_url: URL_A });

    expect(answer.status).toBe(201);
    const { secret, ...made } = dataOf(answer, WithSecret);
    expect(made).toMatchObject({ url: URL_A, state: 'ACTIVE', filters: {}, requestConfig: {} });
    expect(await stored(made.id)).toMatchObject({ secret });
    const { webhooks } = dataOf(await ask('GET /webhooks'), List);
    expect(webhooks.map(({ id }) => id)).toEqual([made.id, 'main']);
    expect(webhooks[0]).toEqual(made);
    expect(await show(made.id)).toEqual(made);
  });

  it("shows no secret to the instance's own token", async () => {
    const answer = await ask('POST /webhooks', { url: URL_A }, 'itself');

    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain('whsec_');
  });

  it('switches posts on, and tells the runner', async () => {
    expect((await recordOf(api, instance))?.settings.actions.send_webhook).toBe(false);
    const { id } = await create();

    const record = await recordOf(api, instance);
    expect(record?.settings.actions.send_webhook).toBe(true);
    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'webhook', endpointId: id });
  });

  it('takes filters, with chats as chatId has them', async () => {
    const chats = ['+234 904 898 8056', 447700900123, '120363041234567890@g.us', '2349048988056'];
    const { id } = await create({ filters: { chats, groups: true, from_me: false } });

    const expected = ['2349048988056@c.us', '447700900123@c.us', '120363041234567890@g.us'];
    const { filters } = await show(id);
    expect(filters).toEqual({ chats: expected, groups: true, from_me: false });
    expect((await stored(id)).filters).toEqual({ chats: expected, groups: true, fromMe: false });
  });

  it.each([
    [{ url: undefined }, 'webhook_url'],
    [{ url: 'http://example.com/' }, 'url'],
    [{ webhook_url: 'https://127.0.0.1/', url: undefined }, 'webhook_url'],
    [{ webhook_url: 'https://example.com/b' }, 'url'],
    [{ events: ['onNothing'] }, 'events.0'],
    [{ events: [] }, 'events'],
    [{ filters: [] }, 'filters'],
    [{ filters: { chat: ['2349048988056'] } }, 'filters.chat'],
    [{ filters: { chats: [] } }, 'filters.chats'],
    [{ filters: { chats: ['nobody'] } }, 'filters.chats.0'],
    [{ filters: { chats: Array(101).fill('2349048988056') } }, 'filters.chats'],
    [{ filters: { groups: 'yes' } }, 'filters.groups'],
    [{ filters: { from_me: 1 } }, 'filters.from_me'],
    [{ requestConfig: { method: 'GET' } }, 'requestConfig.method'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await ask('POST /webhooks', { url: URL_A, ...fields });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await api.deps.endpoints.list({ instanceId: instance.id })).toEqual([]);
  });

  it('makes ten and no more, that of setWebhook included, however many calls come at once', async () => {
    await ask('PUT /setWebhook', { webhook_url: URL_A });
    for (let count = 1; count < 9; count += 1) await create();
    const answers = await Promise.all([1, 2, 3].map(() => ask('POST /webhooks', { url: URL_A })));
    for (const answer of answers) {
      if (answer.status !== 201) expect(errorOf(answer).code).toBe('too_many_webhooks');
    }
    expect((await api.deps.endpoints.list({ instanceId: instance.id })).length).toBeLessThan(11);

    await ask('POST /webhooks', { url: URL_A });
    const oneTooMany = await ask('POST /webhooks', { url: URL_A });
    expect(oneTooMany.status).toBe(409);
    expect(await api.deps.endpoints.list({ instanceId: instance.id })).toHaveLength(10);
  });
});

describe('PUT /whatsapp/webhooks/{webhookId}', () => {
  const ALL = {
    events: ['onAck'],
    filters: { groups: false },
    requestConfig: { timeout: 5_000 },
  };

  it('changes what the call names, and nothing else', async () => {
    const { id, secret, ...made } = await create(ALL);
    const answer = await ask(`PUT /webhooks/${id}`, { url: 'https://example.com/b' });

    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('whsec_');
    const changed = dataOf(answer, View);
    expect(changed).toEqual({
      ...made,
      id,
      url: 'https://example.com/b',
      updated_at: changed.updated_at,
    });
    expect(changed.updated_at > made.updated_at).toBe(true);
    expect((await stored(id)).secret).toBe(secret);
  });

  it.each([null, {}])('takes filters and requestConfig away by %j', async (nothing) => {
    const { id } = await create(ALL);
    await ask(`PUT /webhooks/${id}`, { filters: nothing, requestConfig: nothing });

    expect(await show(id)).toMatchObject({ events: ['onAck'], filters: {}, requestConfig: {} });
  });

  it('sets a disabled one active anew', async () => {
    const { id } = await create();
    await api.deps.endpoints.disable(await stored(id), { reason: 'gone', at: new Date(0) });
    expect(await show(id)).toMatchObject({ state: 'DISABLED', disabled_reason: 'gone' });

    await ask(`PUT /webhooks/${id}`);
    expect(await show(id)).toMatchObject({ state: 'ACTIVE', disabled_reason: null });
  });

  it('forgets since when one fails', async () => {
    const { id } = await create();
    const since = new Date('2026-11-20T00:00:00.000Z');
    await api.deps.endpoints.noteFailing(await stored(id), since);
    const failing_since = since.toISOString();
    expect(await show(id)).toMatchObject({ state: 'FAILING', failing_since });

    await ask(`PUT /webhooks/${id}`);
    expect(await show(id)).toMatchObject({ state: 'ACTIVE', failing_since: null });
  });

  it('pauses one, that of setWebhook too', async () => {
    await ask('PUT /setWebhook', { webhook_url: URL_A });
    await ask('PUT /webhooks/main', { state: 'DISABLED' });

    expect(await show('main')).toMatchObject({
      state: 'DISABLED',
      disabled_reason: 'by the customer',
    });
  });

  it('tells the runner', async () => {
    const { id } = await create();
    const record = await recordOf(api, instance);
    await nextDoorbell(api, record);
    await ask(`PUT /webhooks/${id}`);

    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'webhook', endpointId: id });
  });

  it.each([
    [{ state: 'FAILING' }, 'state'],
    [{ url: '' }, 'url'],
    [{ events: 'onNothing' }, 'events.0'],
    [{ filters: { chats: 'all' } }, 'filters.chats'],
    [{ requestConfig: { timeout: 1 } }, 'requestConfig.timeout'],
  ])('refuses %j at its path', async (fields, path) => {
    const { id } = await create(ALL);
    const before = await stored(id);
    const answer = await ask(`PUT /webhooks/${id}`, fields);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await stored(id)).toEqual(before);
  });
});

describe('DELETE /whatsapp/webhooks/{webhookId}', () => {
  it.each(['main', 'another'])('takes %s away, and tells the runner', async (which) => {
    await ask('PUT /setWebhook', { webhook_url: URL_A });
    const id = which === 'main' ? which : (await create()).id;
    const record = await recordOf(api, instance);
    for (const _ of which === 'main' ? [1] : [1, 2]) await nextDoorbell(api, record);
    const answer = await ask(`DELETE /webhooks/${id}`);

    expect(answer.status).toBe(204);
    expect((await ask(`GET /webhooks/${id}`)).status).toBe(404);
    expect((await ask(`DELETE /webhooks/${id}`)).status).toBe(404);
    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'webhook', endpointId: id });
  });
});
