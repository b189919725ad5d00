import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Delivery } from '#shared/domain/delivery.ts';
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
import { aDelivery, recordEvent } from './recorded.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SENT = { at: '2026-11-25T09:30:00.000Z', ms: 12, statusCode: 204 };
const ATTEMPT = { at: SENT.at, ms: 12, status_code: 204, error: null };

const View = z.strictObject({
  id: z.string(),
  webhook: z.string(),
  event_id: z.string(),
  event: z.string(),
  seq: z.number(),
  state: z.string(),
  attempts: z.number(),
  last_attempt: z.unknown(),
  next_attempt_at: z.string().nullable(),
  error: z.string().nullable(),
  replay_of: z.string().nullable(),
  created_at: z.string(),
  settled_at: z.string().nullable(),
});
const Details = View.extend({ recent_attempts: z.array(z.unknown()), body: z.unknown() });
const Page = z.strictObject({ deliveries: z.array(View), cursor: z.string().nullable() });

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
let other: string;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => await api.close());
beforeEach(async () => {
  instance = await anInstance(api, account);
  await ask('PUT /setWebhook', { webhook_url: 'https://example.com/main' });
  const answer = await ask('POST /webhooks', { url: 'https://example.com/other' });
  other = dataOf(answer, z.object({ id: z.string() })).id;
});

async function ask(route: string, fields: object = {}) {
  const [method = '', path = ''] = route.split(' ');
  const json = { ...instance.credentials, ...fields };
  return await call(api, `${method} /whatsapp${path}`, { json });
}

async function list(query: Record<string, string> = {}) {
  const search = new URLSearchParams({ ...instance.credentials, ...query });
  return await call(api, `GET /whatsapp/webhooks/deliveries?${search}`);
}

async function page(query: Record<string, string> = {}): Promise<z.infer<typeof Page>> {
  return dataOf(await list(query), Page);
}

/** An event, and its delivery to an endpoint. */
async function deliver(
  more: Partial<Delivery> = {},
  said: Parameters<typeof recordEvent>[2] = {},
): Promise<Delivery> {
  const event = await recordEvent(api, instance, said);
  const pending = aDelivery(event, { endpointId: 'main' });
  const delivery = { ...pending, ...more };
  await api.deps.deliveries.add([pending]);
  await api.deps.deliveries.advance(pending, delivery);
  return delivery;
}

async function pause(id: string): Promise<void> {
  await ask(`PUT /webhooks/${id}`, { state: 'DISABLED' });
}

async function waiting(endpointId: string): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for await (const delivery of api.deps.deliveries.waiting({
    instanceId: instance.id,
    endpointId,
  })) {
    found.push(delivery);
  }
  return found;
}

const ids = (deliveries: readonly { id: string }[]) => deliveries.map(({ id }) => id);

describe('GET /whatsapp/webhooks/deliveries', () => {
  it('shows the newest first, page by page', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await deliver()).deliveryId);
    const first = await page({ limit: '2' });
    const second = await page({ limit: '2', cursor: first.cursor ?? '' });
    const third = await page({ limit: '2', cursor: second.cursor ?? '' });

    expect([first, second, third].flatMap(({ deliveries }) => ids(deliveries))).toEqual(made);
    expect(third.cursor).toBeNull();
  });

  it('shows what became of each', async () => {
    const settledAt = api.clock.now.toISOString();
    const sent = { attempts: 1, recent: [SENT], settledAt };
    const { deliveryId, eventId, createdAt } = await deliver({ state: 'DELIVERED', ...sent });

    expect((await page()).deliveries).toEqual([
      {
        id: deliveryId,
        webhook: 'main',
        event_id: eventId,
        event: 'onMessage',
        seq: 1,
        state: 'DELIVERED',
        attempts: 1,
        last_attempt: ATTEMPT,
        next_attempt_at: null,
        error: null,
        replay_of: null,
        created_at: createdAt,
        settled_at: settledAt,
      },
    ]);
  });

  it('shows those of one webhook, state or event, alone', async () => {
    const dead = await deliver({ state: 'DEAD', error: 'it is gone' });
    const acked = await deliver({}, { event: 'onAck' });
    const elsewhere = aDelivery(await recordEvent(api, instance), { endpointId: other });
    await api.deps.deliveries.add([elsewhere]);

    expect(ids((await page({ webhook: other })).deliveries)).toEqual([elsewhere.deliveryId]);
    expect(ids((await page({ state: 'DEAD' })).deliveries)).toEqual([dead.deliveryId]);
    expect(ids((await page({ event: 'ack' })).deliveries)).toEqual([acked.deliveryId]);
    expect((await page({ state: 'DEAD', event: 'ack' })).deliveries).toEqual([]);
    expect((await page({ state: '', event: '', webhook: '', since: '' })).deliveries).toHaveLength(
      3,
    );
  });

  it('shows those of a time alone', async () => {
    const now = api.clock.now.getTime();
    const made: Delivery[] = [];
    for (const hours of [3, 2, 1]) made.push(await deliver({}, { ts: now - hours * HOUR_MS }));
    const at = (hours: number) => new Date(now - hours * HOUR_MS).toISOString();
    const found = async (query: Record<string, string>) => ids((await page(query)).deliveries);
    const [third, second, first] = made.map(({ deliveryId }) => deliveryId);

    expect(await found({ since: at(2) })).toEqual([first, second]);
    expect(await found({ until: at(2) })).toEqual([second, third]);
    expect(await found({ since: at(2.5), until: String(now - 1.5 * HOUR_MS) })).toEqual([second]);
    expect(await found({ since: at(1), until: at(2) })).toEqual([]);
    expect(await found({ until: '1960-01-01T00:00:00Z' })).toEqual([]);
    expect(await found({ until: '9999999999999999'.slice(0, 15) })).toHaveLength(3);
  });

  it.each([
    [{ state: 'LOST' }, 'state'],
    [{ event: 'onNothing' }, 'event.0'],
    [{ since: 'yesterday' }, 'since'],
    [{ until: '1e9' }, 'until'],
    [{ limit: '0' }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ webhook: 'x'.repeat(65) }, 'webhook'],
  ])('refuses %j at its path', async (query, path) => {
    const answer = await list(query);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
  });

  it('shows nothing of another instance', async () => {
    const { deliveryId } = await deliver();
    instance = await anInstance(api, account);

    expect((await page()).deliveries).toEqual([]);
    expect((await ask(`GET /webhooks/deliveries/${deliveryId}`)).status).toBe(404);
    expect((await ask(`POST /webhooks/deliveries/${deliveryId}/replay`)).status).toBe(404);
  });
});

describe('GET /whatsapp/webhooks/deliveries/{deliveryId}', () => {
  it('shows every attempt that is kept, and what is posted', async () => {
    const failed = { at: SENT.at, ms: 10_000, error: 'no answer within 10000 ms' };
    const recent = [failed, SENT];
    const { deliveryId } = await deliver({ state: 'DELIVERED', attempts: 2, recent });
    const shown = dataOf(await ask(`GET /webhooks/deliveries/${deliveryId}`), Details);

    expect(shown.recent_attempts).toEqual([{ ...failed, status_code: null }, ATTEMPT]);
    expect(shown.last_attempt).toEqual(ATTEMPT);
    expect(shown.body).toMatchObject({ seq: 1, event: 'onMessage', instance_id: instance.id });
  });

  it('shows no body when the event is not kept any more', async () => {
    const event = await recordEvent(api, instance, { ts: api.clock.now.getTime() - 8 * DAY_MS });
    // The delivery was made later than its event happened.
    const late = aDelivery(event, { endpointId: 'main', createdAt: api.clock.now.toISOString() });
    await api.deps.deliveries.add([late]);

    const shown = await ask(`GET /webhooks/deliveries/${late.deliveryId}`);
    expect(dataOf(shown, Details).body).toBeNull();
    const replayed = await ask(`POST /webhooks/deliveries/${late.deliveryId}/replay`);
    expect(replayed.status).toBe(409);
    expect(errorOf(replayed).code).toBe('too_late');
  });

  it.each(['x', '01KAX3V0M8Q4W5T6Y7Z8A9B0CD', '%00'])('is a 404 for %s', async (id) => {
    expect((await ask(`GET /webhooks/deliveries/${id}`)).status).toBe(404);
  });
});

describe('POST /whatsapp/webhooks/deliveries/{deliveryId}/replay', () => {
  it('posts the same event once more', async () => {
    const { deliveryId, eventId } = await deliver({ state: 'DELIVERED' });
    const record = await recordOf(api, instance);
    for (const _ of [1, 2]) await nextDoorbell(api, record);
    const answer = await ask(`POST /webhooks/deliveries/${deliveryId}/replay`);

    expect(answer.status).toBe(201);
    const replay = dataOf(answer, View);
    const same = { event_id: eventId, webhook: 'main', replay_of: deliveryId, seq: 1 };
    expect(replay).toMatchObject({ ...same, state: 'PENDING', attempts: 0 });
    expect(await waiting('main')).toMatchObject([{ deliveryId: replay.id, eventId }]);
    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'webhook', endpointId: 'main' });
  });

  it('is refused while the webhook is disabled, with the reason', async () => {
    const { deliveryId } = await deliver({ state: 'DEAD' });
    await pause('main');
    const answer = await ask(`POST /webhooks/deliveries/${deliveryId}/replay`);

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('webhook_disabled');
    expect(answer.text).toContain('by the customer');
    expect(await waiting('main')).toEqual([]);
  });

  it('is a 404 when the webhook is gone', async () => {
    const { deliveryId } = await deliver({ state: 'DEAD' });
    await ask('DELETE /webhooks/main');

    expect((await ask(`POST /webhooks/deliveries/${deliveryId}/replay`)).status).toBe(404);
  });
});

describe('POST /whatsapp/webhooks/{webhookId}/replay', () => {
  const Replayed = z.strictObject({ count: z.number(), cursor: z.string().nullable() });
  const replay = async (fields: object, id = other) =>
    dataOf(await ask(`POST /webhooks/${id}/replay`, fields), Replayed);

  it('posts what happened in a time and the webhook wants, delivered or not, in its order', async () => {
    const now = api.clock.now.getTime();
    const at = (hours: number) => now - hours * HOUR_MS;
    await ask(`PUT /webhooks/${other}`, {
      events: ['onMessage', 'onLogout'],
      filters: { groups: false, chats: ['2349048988056'] },
    });
    const data = { chatId: '2349048988056@c.us', fromMe: false };
    await recordEvent(api, instance, { ts: at(5), data });
    const first = await recordEvent(api, instance, { ts: at(3), data });
    await recordEvent(api, instance, { ts: at(3), data, event: 'onAck' });
    await recordEvent(api, instance, { ts: at(3), data: { ...data, chatId: '447700900123@c.us' } });
    const second = await recordEvent(api, instance, { ts: at(2), data: true, event: 'onLogout' });
    await recordEvent(api, instance, { ts: at(1), data });

    const since = new Date(at(4)).toISOString();
    const until = new Date(at(1.5)).toISOString();
    expect(await replay({ since, until })).toEqual({ count: 2, cursor: null });
    const made = await waiting(other);
    expect(made.map(({ eventId }) => eventId)).toEqual([first.id, second.id]);
    expect((await replay({ since })).count).toBe(3);
  });

  it('goes on where it ended when there are many', async () => {
    const now = api.clock.now.getTime();
    for (let count = 0; count < 502; count += 1) await recordEvent(api, instance);
    const first = await replay({ since: now - HOUR_MS });
    const second = await replay({ since: now - HOUR_MS, cursor: first.cursor });

    expect([first.count, second]).toEqual([500, { count: 2, cursor: null }]);
    const seqs = (await waiting(other)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 502 }, (_, index) => index + 1));
  });

  it.each([
    [{}, 'since'],
    [{ since: 'x' }, 'since'],
    [{ since: 2_000, until: 1_000 }, 'until'],
    [{ since: 0, cursor: 'x' }, 'cursor'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await ask(`POST /webhooks/${other}/replay`, fields);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
  });

  it('takes no cursor of another instance', async () => {
    const cursor = Buffer.from('61c08cdf2ff357329471bbb1.1').toString('base64url');
    const answer = await ask(`POST /webhooks/${other}/replay`, { since: 0, cursor });

    expect(faultPaths(answer)).toEqual(['cursor']);
  });

  it('is refused while the webhook is disabled', async () => {
    await recordEvent(api, instance);
    await pause(other);
    const answer = await ask(`POST /webhooks/${other}/replay`, { since: 0 });

    expect(errorOf(answer).code).toBe('webhook_disabled');
    expect(await waiting(other)).toEqual([]);
  });
});

describe('POST /whatsapp/webhooks/{webhookId}/redrive', () => {
  const Redriven = z.strictObject({
    count: z.number(),
    more: z.boolean(),
    cursor: z.string().nullable(),
  });
  const redrive = async (fields: object = {}) =>
    dataOf(await ask('POST /webhooks/main/redrive', fields), Redriven);

  it('makes what was given up wait again, of that webhook alone', async () => {
    const dead = await deliver({ state: 'DEAD', attempts: 9, error: 'every attempt failed' });
    await deliver({ state: 'DEAD', endpointId: other });
    await deliver({ state: 'DELIVERED' });

    expect(await redrive()).toEqual({ count: 1, more: false, cursor: null });
    const expected = { deliveryId: dead.deliveryId, state: 'PENDING', attempts: 0 };
    expect(await waiting('main')).toMatchObject([expected]);
    expect((await redrive()).count).toBe(0);
  });

  it('leaves what is older alone', async () => {
    const now = api.clock.now.getTime();
    await deliver({ state: 'DEAD' }, { ts: now - 3 * HOUR_MS });
    const { deliveryId } = await deliver({ state: 'DEAD' }, { ts: now - HOUR_MS });

    expect((await redrive({ since: now - 2 * HOUR_MS })).count).toBe(1);
    expect(await waiting('main')).toMatchObject([{ deliveryId }]);
  });

  it('goes on where it ended when there are many', async () => {
    for (let count = 0; count < 501; count += 1)
      await deliver({ state: 'DEAD', endpointId: other });
    const { deliveryId } = await deliver({ state: 'DEAD' });
    const first = await redrive();
    expect(first).toMatchObject({ count: 0, more: true });

    expect(await redrive({ cursor: first.cursor })).toEqual({
      count: 1,
      more: false,
      cursor: null,
    });
    expect(await waiting('main')).toMatchObject([{ deliveryId }]);
  });

  it.each([
    [{ since: 'x' }, 'since'],
    [{ cursor: 'x' }, 'cursor'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await ask('POST /webhooks/main/redrive', fields);

    expect(faultPaths(answer)).toEqual([path]);
  });

  it('is refused while the webhook is disabled', async () => {
    await deliver({ state: 'DEAD' });
    await pause('main');

    expect(errorOf(await ask('POST /webhooks/main/redrive')).code).toBe('webhook_disabled');
    expect(await waiting('main')).toEqual([]);
  });
});

describe('POST /whatsapp/webhooks/{webhookId}/test', () => {
  const Tested = z.strictObject({ delivery: Details });

  it('tells what the endpoint answered, whatever events it asks for', async () => {
    await ask('PUT /webhooks/main', { events: ['onAck'], filters: { groups: true } });
    const test = ask('POST /webhooks/main/test');
    await expect.poll(() => waiting('main'), { interval: 5 }).toHaveLength(1);
    const [pending] = await waiting('main');
    if (!pending) throw new Error('Nothing waits.');
    const state = 'DELIVERED';
    const delivered: Delivery = { ...pending, state, attempts: 1, recent: [SENT] };
    await api.deps.deliveries.advance(pending, delivered);
    const answer = await test;

    expect(answer.status).toBe(200);
    const { delivery } = dataOf(answer, Tested);
    expect(delivery).toMatchObject({ state: 'DELIVERED', event: 'onTest', seq: 0 });
    expect(delivery.last_attempt).toEqual(ATTEMPT);
    const { session_id } = instance.credentials;
    const body = { id: pending.eventId, event: 'onTest', seq: 0, session_id };
    expect(delivery.body).toMatchObject({ ...body, data: { webhook: 'main' } });
    expect(await api.deps.events.lastSeq(instance.id)).toBe(0);
  });

  it('tells of one that failed, which is tried again', async () => {
    const test = ask('POST /webhooks/main/test');
    await expect.poll(() => waiting('main'), { interval: 5 }).toHaveLength(1);
    const [pending] = await waiting('main');
    if (!pending) throw new Error('Nothing waits.');
    const nextAttemptAt = new Date(api.clock.now.getTime() + 1_000).toISOString();
    const recent = [{ at: SENT.at, ms: 3, statusCode: 500 }];
    await api.deps.deliveries.advance(pending, { ...pending, attempts: 1, recent, nextAttemptAt });

    const answer = await test;
    expect(answer.status).toBe(200);
    const shown = { state: 'PENDING', attempts: 1, next_attempt_at: nextAttemptAt };
    expect(dataOf(answer, Tested).delivery).toMatchObject(shown);
  });

  it('says that it is on its way when no runner takes it in time', async () => {
    const answer = await ask('POST /webhooks/main/test');

    expect(answer.status).toBe(202);
    expect(dataOf(answer, Tested).delivery).toMatchObject({ state: 'PENDING', attempts: 0 });
    const { id } = dataOf(answer, Tested).delivery;
    expect(dataOf(await ask(`GET /webhooks/deliveries/${id}`), Details).body).toMatchObject({
      event: 'onTest',
    });
  });

  it('is refused while the webhook is disabled', async () => {
    await pause('main');

    expect(errorOf(await ask('POST /webhooks/main/test')).code).toBe('webhook_disabled');
  });
});
