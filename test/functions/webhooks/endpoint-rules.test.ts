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
  type OwnedInstance,
  recordOf,
} from '../callers.ts';

const URL_A = 'https://example.com/a';
const DAY_MS = 24 * 3_600_000;

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

describe('POST /whatsapp/webhooks/{webhookId}/rotate', () => {
  it('shows a new secret once; the old one is good for a day', async () => {
    const { id, secret: old } = await create({ events: ['onAck'] });
    const { secret, ...shown } = dataOf(await ask(`POST /webhooks/${id}/rotate`), WithSecret);

    expect(secret).not.toBe(old);
    const validUntil = new Date(api.clock.now.getTime() + DAY_MS).toISOString();
    expect(shown).toMatchObject({ events: ['onAck'], old_secret_until: validUntil });
    const previousSecret = { secret: old, validUntil };
    expect(await stored(id)).toMatchObject({ secret, previousSecret });
    expect(JSON.stringify(await ask(`GET /webhooks/${id}`))).not.toContain('whsec_');
  });

  it('is kept by whatever else is changed, and by setWebhook', async () => {
    await ask('PUT /setWebhook', { webhook_url: URL_A });
    await ask('POST /webhooks/main/rotate');
    const { secret, previousSecret } = await stored('main');
    await ask('PUT /webhooks/main', { events: 'all' });
    await ask('PUT /setWebhook', { webhook_url: URL_A });

    expect(previousSecret).toBeDefined();
    expect(await stored('main')).toMatchObject({ secret, previousSecret });
  });

  it('is done by each of many calls at once, one after the other', async () => {
    const { id } = await create();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(`POST /webhooks/${id}/rotate`)),
    );

    const secrets = answers.map((answer) => dataOf(answer, WithSecret).secret);
    expect(new Set(secrets).size).toBe(8);
    const { secret, previousSecret } = await stored(id);
    expect(secrets).toContain(secret);
    expect(secrets).toContain(previousSecret?.secret);
  });

  it('leaves a paused one paused', async () => {
    const { id } = await create();
    await ask(`PUT /webhooks/${id}`, { state: 'DISABLED' });
    await ask(`POST /webhooks/${id}/rotate`);

    expect(await show(id)).toMatchObject({ state: 'DISABLED' });
  });

  it("is not for the instance's own token, which would not see it", async () => {
    const { id, secret } = await create();
    const answer = await ask(`POST /webhooks/${id}/rotate`, {}, 'itself');

    expect(answer.status).toBe(403);
    expect((await stored(id)).secret).toBe(secret);
  });
});

describe('a webhook that is not there', () => {
  it.each([
    'GET /webhooks/',
    'PUT /webhooks/',
    'DELETE /webhooks/',
    'POST /webhooks//rotate',
    'POST /webhooks//test',
    'POST /webhooks//replay',
    'POST /webhooks//redrive',
  ])('is a 404: %s', async (route) => {
    const other = await anInstance(api, account);
    const mine = instance;
    instance = other;
    const { id: ofAnother } = await create();
    instance = mine;
    for (const id of ['main', ofAnother, '61c08cdf2ff357329471bbb1', 'nothing', '%00', '..%2f..']) {
      const path = route.endsWith('/') ? route + id : route.replace('//', `/${id}/`);
      const answer: Answer = await ask(path, { since: 0 });
      expect(answer.status, id).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
    }
    expect(await api.deps.endpoints.list({ instanceId: other.id })).toHaveLength(1);
  });
});

describe('send_webhook', () => {
  it('is switched on by setWebhook and by init', async () => {
    const isOn = async () => (await recordOf(api, instance))?.settings.actions.send_webhook;
    await ask('PUT /setWebhook', { webhook_url: URL_A });
    expect(await isOn()).toBe(true);

    await ask('PUT /updateActions', { send_webhook: false });
    expect(await isOn()).toBe(false);
    await ask('POST /init', { config: { setWebhook: true, webhookUrl: URL_A, multiDevice: true } });
    expect(await isOn()).toBe(true);
    expect((await recordOf(api, instance))?.settings.actions.multi_device).toBe(true);
  });

  it('stays off when a webhook is only changed', async () => {
    const { id } = await create();
    await ask('PUT /updateActions', { send_webhook: false });
    await ask(`PUT /webhooks/${id}`, { events: 'all' });

    expect((await recordOf(api, instance))?.settings.actions.send_webhook).toBe(false);
  });
});
