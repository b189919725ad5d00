import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { type Account, anAccount, dataOf, errorOf, faultPaths } from '../callers.ts';
import { DeliveryScene } from './delivery-scene.ts';
import { recordEvent } from './recorded.ts';

const HOUR_MS = 3_600_000;

let api: ApiUnderTest;
let account: Account;
let scene: DeliveryScene;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => await api.close());
beforeEach(async () => {
  scene = await DeliveryScene.make(api, account);
});

describe('POST /whatsapp/webhooks/{webhookId}/replay', () => {
  const Replayed = z.strictObject({ count: z.number(), cursor: z.string().nullable() });
  const replay = async (fields: object, id = scene.other) =>
    dataOf(await scene.ask(`POST /webhooks/${id}/replay`, fields), Replayed);

  it('posts what happened in a time and the webhook wants, delivered or not, in its order', async () => {
    const now = api.clock.now.getTime();
    const at = (hours: number) => now - hours * HOUR_MS;
    await scene.ask(`PUT /webhooks/${scene.other}`, {
      events: ['onMessage', 'onLogout'],
      filters: { groups: false, chats: ['2349048988056'] },
    });
    const data = { chatId: '2349048988056@c.us', fromMe: false };
    await recordEvent(api, scene.instance, { ts: at(5), data });
    const first = await recordEvent(api, scene.instance, { ts: at(3), data });
    await recordEvent(api, scene.instance, { ts: at(3), data, event: 'onAck' });
    await recordEvent(api, scene.instance, {
      ts: at(3),
      data: { ...data, chatId: '447700900123@c.us' },
    });
    const second = await recordEvent(api, scene.instance, {
      ts: at(2),
      data: true,
      event: 'onLogout',
    });
    await recordEvent(api, scene.instance, { ts: at(1), data });

    const since = new Date(at(4)).toISOString();
    const until = new Date(at(1.5)).toISOString();
    expect(await replay({ since, until })).toEqual({ count: 2, cursor: null });
    const made = await scene.waiting(scene.other);
    expect(made.map(({ eventId }) => eventId)).toEqual([first.id, second.id]);
    expect((await replay({ since })).count).toBe(3);
  });

  it('goes on where it ended when there are many', async () => {
    const now = api.clock.now.getTime();
    for (let count = 0; count < 502; count += 1) await recordEvent(api, scene.instance);
    const first = await replay({ since: now - HOUR_MS });
    const second = await replay({ since: now - HOUR_MS, cursor: first.cursor });

    expect([first.count, second]).toEqual([500, { count: 2, cursor: null }]);
    const seqs = (await scene.waiting(scene.other)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 502 }, (_, index) => index + 1));
  });

  it.each([
    [{}, 'since'],
    [{ since: 'x' }, 'since'],
    [{ since: 2_000, until: 1_000 }, 'until'],
    [{ since: 0, cursor: 'x' }, 'cursor'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await scene.ask(`POST /webhooks/${scene.other}/replay`, fields);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
  });

  it('takes no cursor of another instance', async () => {
    const cursor = Buffer.from('61c08cdf2ff357329471bbb1.1').toString('base64url');
    const answer = await scene.ask(`POST /webhooks/${scene.other}/replay`, { since: 0, cursor });

    expect(faultPaths(answer)).toEqual(['cursor']);
  });

  it('is refused while the webhook is disabled', async () => {
    await recordEvent(api, scene.instance);
    await scene.pause(scene.other);
    const answer = await scene.ask(`POST /webhooks/${scene.other}/replay`, { since: 0 });

    expect(errorOf(answer).code).toBe('webhook_disabled');
    expect(await scene.waiting(scene.other)).toEqual([]);
  });
});

describe('POST /whatsapp/webhooks/{webhookId}/redrive', () => {
  const Redriven = z.strictObject({
    count: z.number(),
    more: z.boolean(),
    cursor: z.string().nullable(),
  });
  const redrive = async (fields: object = {}) =>
    dataOf(await scene.ask('POST /webhooks/main/redrive', fields), Redriven);

  it('makes what was given up wait again, of that webhook alone', async () => {
    const dead = await scene.deliver({ state: 'DEAD', attempts: 9, error: 'every attempt failed' });
    await scene.deliver({ state: 'DEAD', endpointId: scene.other });
    await scene.deliver({ state: 'DELIVERED' });

    expect(await redrive()).toEqual({ count: 1, more: false, cursor: null });
    const expected = { deliveryId: dead.deliveryId, state: 'PENDING', attempts: 0 };
    expect(await scene.waiting('main')).toMatchObject([expected]);
    expect((await redrive()).count).toBe(0);
  });

  it('leaves what is older alone', async () => {
    const now = api.clock.now.getTime();
    await scene.deliver({ state: 'DEAD' }, { ts: now - 3 * HOUR_MS });
    const { deliveryId } = await scene.deliver({ state: 'DEAD' }, { ts: now - HOUR_MS });

    expect((await redrive({ since: now - 2 * HOUR_MS })).count).toBe(1);
    expect(await scene.waiting('main')).toMatchObject([{ deliveryId }]);
  });

  it('goes on where it ended when there are many', async () => {
    for (let count = 0; count < 501; count += 1)
      await scene.deliver({ state: 'DEAD', endpointId: scene.other });
    const { deliveryId } = await scene.deliver({ state: 'DEAD' });
    const first = await redrive();
    expect(first).toMatchObject({ count: 0, more: true });

    expect(await redrive({ cursor: first.cursor })).toEqual({
      count: 1,
      more: false,
      cursor: null,
    });
    expect(await scene.waiting('main')).toMatchObject([{ deliveryId }]);
  });

  it.each([
    [{ since: 'x' }, 'since'],
    [{ cursor: 'x' }, 'cursor'],
  ])('refuses %j at its path', async (fields, path) => {
    const answer = await scene.ask('POST /webhooks/main/redrive', fields);

    expect(faultPaths(answer)).toEqual([path]);
  });

  it('is refused while the webhook is disabled', async () => {
    await scene.deliver({ state: 'DEAD' });
    await scene.pause('main');

    expect(errorOf(await scene.ask('POST /webhooks/main/redrive')).code).toBe('webhook_disabled');
    expect(await scene.waiting('main')).toEqual([]);
  });
});
