import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Delivery } from '#shared/domain/delivery.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  anAccount,
  call,
  dataOf,
  errorOf,
  faultPaths,
  recordOf,
} from '../callers.ts';
import { nextDoorbell } from '../next-doorbell.ts';
import {
  DeliveryDetails,
  DeliveryScene,
  DeliveryView,
  SENT,
  SHOWN_ATTEMPT,
} from './delivery-scene.ts';
import { aDelivery, recordEvent } from './recorded.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const Page = z.strictObject({
  deliveries: z.array(DeliveryView),
  cursor: z.string().nullable(),
});

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

async function list(query: Record<string, string> = {}) {
  const search = new URLSearchParams({ ...scene.instance.credentials, ...query });
  return await call(api, `GET /whatsapp/webhooks/deliveries?${search}`);
}

async function page(query: Record<string, string> = {}): Promise<z.infer<typeof Page>> {
  return dataOf(await list(query), Page);
}

const ids = (deliveries: readonly { id: string }[]) => deliveries.map(({ id }) => id);

describe('GET /whatsapp/webhooks/deliveries', () => {
  it('shows the newest first, page by page', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await scene.deliver()).deliveryId);
    const first = await page({ limit: '2' });
    const second = await page({ limit: '2', cursor: first.cursor ?? '' });
    const third = await page({ limit: '2', cursor: second.cursor ?? '' });

    expect([first, second, third].flatMap(({ deliveries }) => ids(deliveries))).toEqual(made);
    expect(third.cursor).toBeNull();
  });

  it('shows what became of each', async () => {
    const settledAt = api.clock.now.toISOString();
    const sent = { attempts: 1, recent: [SENT], settledAt };
    const { deliveryId, eventId, createdAt } = await scene.deliver({ state: 'DELIVERED', ...sent });

    expect((await page()).deliveries).toEqual([
      {
        id: deliveryId,
        webhook: 'main',
        event_id: eventId,
        event: 'onMessage',
        seq: 1,
        state: 'DELIVERED',
        attempts: 1,
        last_attempt: SHOWN_ATTEMPT,
        next_attempt_at: null,
        error: null,
        replay_of: null,
        created_at: createdAt,
        settled_at: settledAt,
      },
    ]);
  });

  it('shows those of one webhook, state or event, alone', async () => {
    const dead = await scene.deliver({ state: 'DEAD', error: 'it is gone' });
    const acked = await scene.deliver({}, { event: 'onAck' });
    const elsewhere = aDelivery(await recordEvent(api, scene.instance), {
      endpointId: scene.other,
    });
    await api.deps.deliveries.add([elsewhere]);

    expect(ids((await page({ webhook: scene.other })).deliveries)).toEqual([elsewhere.deliveryId]);
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
    for (const hours of [3, 2, 1])
      made.push(await scene.deliver({}, { ts: now - hours * HOUR_MS }));
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

  it('looks at so many for a page, and goes on where it ended', async () => {
    const { deliveryId } = await scene.deliver({ state: 'DEAD' });
    const event = await recordEvent(api, scene.instance);
    for (let count = 0; count < 1_000; count += 50) {
      const some = Array.from({ length: 50 }, () => aDelivery(event, { endpointId: 'main' }));
      await api.deps.deliveries.add(some);
    }
    const first = await page({ state: 'DEAD' });
    expect(first.deliveries).toEqual([]);
    const second = await page({ state: 'DEAD', cursor: first.cursor ?? '' });

    expect(ids(second.deliveries)).toEqual([deliveryId]);
    expect(second.cursor).toBeNull();
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
    const { deliveryId } = await scene.deliver();
    scene = await DeliveryScene.make(api, account);

    expect((await page()).deliveries).toEqual([]);
    expect((await scene.ask(`GET /webhooks/deliveries/${deliveryId}`)).status).toBe(404);
    expect((await scene.ask(`POST /webhooks/deliveries/${deliveryId}/replay`)).status).toBe(404);
  });
});

describe('GET /whatsapp/webhooks/deliveries/{deliveryId}', () => {
  it('shows every attempt that is kept, and what is posted', async () => {
    const failed = { at: SENT.at, ms: 10_000, error: 'no answer within 10000 ms' };
    const recent = [failed, SENT];
    const { deliveryId } = await scene.deliver({ state: 'DELIVERED', attempts: 2, recent });
    const shown = dataOf(
      await scene.ask(`GET /webhooks/deliveries/${deliveryId}`),
      DeliveryDetails,
    );

    expect(shown.recent_attempts).toEqual([{ ...failed, status_code: null }, SHOWN_ATTEMPT]);
    expect(shown.last_attempt).toEqual(SHOWN_ATTEMPT);
    expect(shown.body).toMatchObject({
      seq: 1,
      event: 'onMessage',
      instance_id: scene.instance.id,
    });
  });

  it('shows no body when the event is not kept any more', async () => {
    const event = await recordEvent(api, scene.instance, {
      ts: api.clock.now.getTime() - 8 * DAY_MS,
    });
    // The delivery was made later than its event happened.
    const late = aDelivery(event, { endpointId: 'main', createdAt: api.clock.now.toISOString() });
    await api.deps.deliveries.add([late]);

    const shown = await scene.ask(`GET /webhooks/deliveries/${late.deliveryId}`);
    expect(dataOf(shown, DeliveryDetails).body).toBeNull();
    const replayed = await scene.ask(`POST /webhooks/deliveries/${late.deliveryId}/replay`);
    expect(replayed.status).toBe(409);
    expect(errorOf(replayed).code).toBe('too_late');
  });

  it.each(['x', '01KAX3V0M8Q4W5T6Y7Z8A9B0CD', '%00'])('is a 404 for %s', async (id) => {
    expect((await scene.ask(`GET /webhooks/deliveries/${id}`)).status).toBe(404);
  });
});

describe('POST /whatsapp/webhooks/deliveries/{deliveryId}/replay', () => {
  it('posts the same event once more', async () => {
    const { deliveryId, eventId } = await scene.deliver({ state: 'DELIVERED' });
    const record = await recordOf(api, scene.instance);
    for (const _ of [1, 2]) await nextDoorbell(api, record);
    const answer = await scene.ask(`POST /webhooks/deliveries/${deliveryId}/replay`);

    expect(answer.status).toBe(201);
    const replay = dataOf(answer, DeliveryView);
    const same = { event_id: eventId, webhook: 'main', replay_of: deliveryId, seq: 1 };
    expect(replay).toMatchObject({ ...same, state: 'PENDING', attempts: 0 });
    expect(await scene.waiting('main')).toMatchObject([{ deliveryId: replay.id, eventId }]);
    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'webhook', endpointId: 'main' });
  });

  it('is refused while the webhook is disabled, with the reason', async () => {
    const { deliveryId } = await scene.deliver({ state: 'DEAD' });
    await scene.pause('main');
    const answer = await scene.ask(`POST /webhooks/deliveries/${deliveryId}/replay`);

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('webhook_disabled');
    expect(answer.text).toContain('by the customer');
    expect(await scene.waiting('main')).toEqual([]);
  });

  it('is a 404 when the webhook is gone', async () => {
    const { deliveryId } = await scene.deliver({ state: 'DEAD' });
    await scene.ask('DELETE /webhooks/main');

    expect((await scene.ask(`POST /webhooks/deliveries/${deliveryId}/replay`)).status).toBe(404);
  });
});
