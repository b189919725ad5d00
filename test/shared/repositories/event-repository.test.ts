import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const SEVEN_DAYS_MS = 7 * 24 * 3600 * 1000;

let open: OpenTable;
let events: EventRepository;
let instanceId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  events = new EventRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  instanceId = anId(made);
});

function anEvent(seq: number, change: Partial<WebhookEvent> = {}): WebhookEvent {
  return {
    id: `event-${seq}`,
    event: 'onMessage',
    ts: open.clock.now.getTime(),
    session_id: 's',
    instance_id: instanceId,
    seq,
    data: { body: 'Hello', nested: [1, null, { a: true }] },
    ...change,
  };
}
const append = async (event: WebhookEvent) => await events.append({ event, deliveries: [] });
const list = async (after = 0) =>
  (await Array.fromAsync(events.after(instanceId, after))).map(({ event }) => event);

describe('events', () => {
  it('are listed by their numbers, and found again', async () => {
    const all = Array.from({ length: 12 }, (_, i) => anEvent(i + 1));
    for (const event of all) expect(await append(event)).toBe(true);
    expect(await events.lastSeq(instanceId)).toBe(12);
    expect(await list()).toEqual(all);
    expect(await list(9)).toEqual(all.slice(9));
    expect(await events.get({ instanceId, eventId: 'event-3', seq: 3 })).toEqual(all[2]);
  });

  it('are taken once', async () => {
    await append(anEvent(1));
    expect(await append(anEvent(2, { id: 'event-1' }))).toBe(false);
    expect(await events.lastSeq(instanceId)).toBe(1);
  });

  it('of one moment are taken all together, or the one that is there is named', async () => {
    const moment = [anEvent(1), anEvent(2), anEvent(3)];
    const recorded = moment.map((event) => ({ event, deliveries: [] }));
    expect(await events.appendAll(instanceId, { recorded })).toEqual({ kind: 'recorded' });
    const later = [anEvent(4), anEvent(5, { id: 'event-2' }), anEvent(6)];
    const outcome = await events.appendAll(instanceId, {
      recorded: later.map((event) => ({ event, deliveries: [] })),
    });
    expect(outcome).toEqual({ kind: 'known', index: 1 });
    expect(await list()).toEqual(moment);
  });

  it('do not take a number that another writer has', async () => {
    await append(anEvent(5));
    await expect(append(anEvent(5, { id: 'another' }))).rejects.toMatchObject({ opIndex: 1 });
    expect(await append(anEvent(6, { id: 'another' }))).toBe(true);
  });

  it('are kept for a week from when they were recorded, however long ago they happened', async () => {
    const recordedAt = open.clock.now;
    const event = anEvent(1, { ts: recordedAt.getTime() - 2 * SEVEN_DAYS_MS });
    await events.append({ event, deliveries: [], recordedAt });
    expect(await list()).toEqual([event]);
  });

  it('have no number before the first, each instance for itself', async () => {
    expect(await events.lastSeq(instanceId)).toBe(0);
    await append(anEvent(1));
    expect(await events.lastSeq(anId(999_999))).toBe(0);
  });

  it('are forgotten after a week', async () => {
    await append(anEvent(1));
    const before = open.clock.now;
    try {
      open.clock.now = new Date(before.getTime() + SEVEN_DAYS_MS + 1000);
      expect(await list()).toEqual([]);
    } finally {
      open.clock.now = before;
    }
  });

  it('go with their instance', async () => {
    const other = anId(700_000 + made);
    await append(anEvent(1));
    await append(anEvent(1, { instance_id: other }));
    await events.purge(instanceId);
    expect(await events.lastSeq(instanceId)).toBe(0);
    expect(await list()).toEqual([]);
    expect(await append(anEvent(1))).toBe(true);
    expect(await events.lastSeq(other)).toBe(1);
  });
});
