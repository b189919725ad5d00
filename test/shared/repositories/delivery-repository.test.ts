import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '#shared/domain/delivery.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { allOf, anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';

let open: OpenTable;
let deliveries: DeliveryRepository;
let instanceId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  open.clock.now = new Date(AT);
  deliveries = new DeliveryRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  instanceId = anId(made);
});

function aDelivery(seq: number, change: Partial<Delivery> = {}): Delivery {
  return {
    instanceId,
    deliveryId: ulid(),
    endpointId: 'main',
    eventId: `event-${seq}`,
    seq,
    event: 'onMessage',
    state: 'PENDING',
    attempts: 0,
    recent: [],
    createdAt: AT,
    ...change,
  };
}
const toDelivered = (delivery: Delivery): Delivery => ({ ...delivery, state: 'DELIVERED' });
const waiting = async (endpointId = 'main') =>
  (await allOf(deliveries.waiting({ instanceId, endpointId }))).map(({ seq }) => seq);

describe('deliveries', () => {
  it('wait in the order of their events, then of their times, each endpoint for itself', async () => {
    const nextAttemptAt = '2026-11-22T10:00:05.000Z';
    const late = aDelivery(1, { nextAttemptAt });
    await deliveries.add([aDelivery(12), late, aDelivery(3), aDelivery(4, { endpointId: 'b' })]);
    expect(await waiting()).toEqual([3, 12, 1]);
    expect(await waiting('b')).toEqual([4]);
    const { places, hasMore } = await deliveries.firstWaiting(
      { instanceId, endpointId: 'main' },
      2,
    );
    expect(places.map(({ seq, dueMs }) => [seq, dueMs])).toEqual([
      [3, 0],
      [12, 0],
    ]);
    expect(hasMore).toBe(true);
  });

  it('move to their new time, and wait no more when they are settled', async () => {
    const first = aDelivery(1);
    await deliveries.add([first]);
    const second: Delivery = { ...first, attempts: 1, nextAttemptAt: '2026-11-22T10:00:05.000Z' };
    expect(await deliveries.advance(first, second)).toBe(true);
    const { places } = await deliveries.firstWaiting(first, 10);
    expect(places).toEqual([
      { deliveryId: first.deliveryId, seq: 1, dueMs: Date.parse(AT) + 5_000 },
    ]);
    expect(await deliveries.advance(second, toDelivered(second))).toBe(true);
    expect(await waiting()).toEqual([]);
    expect(await deliveries.get(instanceId, first.deliveryId)).toEqual(toDelivered(second));
  });

  it('that are settled are not brought back by a write that comes late', async () => {
    const first = aDelivery(1);
    await deliveries.add([first]);
    await deliveries.advance(first, toDelivered(first));
    const late: Delivery = { ...first, attempts: 1, nextAttemptAt: '2026-11-22T10:00:05.000Z' };
    expect(await deliveries.advance(first, late)).toBe(false);
    expect(await waiting()).toEqual([]);
    expect((await deliveries.get(instanceId, first.deliveryId))?.state).toBe('DELIVERED');
  });

  it('that came to nothing are found, and made again once', async () => {
    const first = aDelivery(1);
    const dead: Delivery = { ...first, state: 'DEAD', attempts: 8, error: 'x', settledAt: AT };
    await deliveries.add([first]);
    await deliveries.advance(first, dead);
    expect((await deliveries.listDead(instanceId)).deliveries).toEqual([dead]);
    expect(await deliveries.redrive(dead)).toBe(true);
    expect(await deliveries.redrive(dead)).toBe(false);
    expect(await deliveries.listDead(instanceId)).toEqual({ deliveries: [] });
    expect(await allOf(deliveries.waiting(first))).toEqual([first]);
  });

  it('are read the newest first, all or those of a range of ids', async () => {
    const all = [aDelivery(1), aDelivery(2), aDelivery(3)].map((one, n) => ({
      ...one,
      deliveryId: ulid(Date.parse(AT) + n),
    }));
    await deliveries.add(all);
    const [from = '', to = ''] = all.map(({ deliveryId }) => deliveryId);
    const seqs = async (range?: { from: string; to: string }) =>
      (await allOf(deliveries.newest(instanceId, range))).map(({ seq }) => seq);
    expect(await seqs()).toEqual([3, 2, 1]);
    expect(await seqs({ from, to })).toEqual([2, 1]);
    expect(await seqs({ from, to: from })).toEqual([1]);
  });

  it('go with their instance, and what waits of them', async () => {
    const first = aDelivery(1);
    await deliveries.add([first]);
    await deliveries.purge(instanceId, ['main']);
    expect(await deliveries.get(instanceId, first.deliveryId)).toBeUndefined();
    expect(await deliveries.firstWaiting(first, 10)).toEqual({ places: [], hasMore: false });
  });
});
