import * as z from 'zod';
import { WebhookEvent } from '../contracts/webhook-event.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type Condition, ConditionFailed, type Item, type Table } from '../storage/table.ts';
import { toWaitingOps } from './delivery-repository.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';

/** How long an event is kept after it happened: for telling repeats, for pulling, and for replays. */
export const EVENT_KEPT_S = 7 * 24 * 3600;

const StoredCounter = z.object({ seq: z.int() });
const StoredBody = z.object({ body: z.string() });

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

/** An event, and the deliveries that it is to make. */
export type Recorded = { readonly event: WebhookEvent; readonly deliveries: readonly Delivery[] };

/** What happened to instances, numbered, as webhooks tell of it. */
export class EventRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The number of the instance's newest event, 0 before the first. */
  async lastSeq(instanceId: string): Promise<number> {
    const item = await this.#table.get(keys.seq(instanceId));
    return item ? StoredCounter.parse(item).seq : 0;
  }

  /**
   * Records an event with the next number, together with its deliveries. `false` when an event with its id is there
   * already: WhatsApp told it twice. Throws when another writer took the number.
   */
  async append({ event, deliveries }: Recorded): Promise<boolean> {
    const { instance_id: instanceId, id, seq, ts } = event;
    const expiresAt = expiryOf(ts);
    try {
      await this.#table.write(
        {
          kind: 'put',
          item: { ...keys.event(instanceId, id), seq, expiresAt },
          condition: NOT_THERE,
        },
        {
          kind: 'update',
          key: keys.seq(instanceId),
          set: { seq },
          condition: {
            kind: 'or',
            any: [
              { kind: 'lessThan', field: 'seq', value: seq },
              { kind: 'absent', field: 'seq' },
            ],
          },
        },
        {
          kind: 'put',
          item: { ...keys.numberedEvent(instanceId, seq), body: JSON.stringify(event), expiresAt },
        },
        ...deliveries.flatMap(toWaitingOps),
      );
      return true;
    } catch (cause) {
      if (cause instanceof ConditionFailed && cause.opIndex === 0) return false;
      throw cause;
    }
  }

  /** Records the event of a test, which has no number, with its delivery. */
  async appendTest(event: WebhookEvent, delivery: Delivery): Promise<void> {
    const { instance_id: instanceId, id, ts } = event;
    const body = JSON.stringify(event);
    await this.#table.write(
      { kind: 'put', item: { ...keys.event(instanceId, id), body, expiresAt: expiryOf(ts) } },
      ...toWaitingOps(delivery),
    );
  }

  /** The event of a delivery; `undefined` when it is too old. */
  async get({
    instanceId,
    eventId,
    seq,
  }: Pick<Delivery, 'instanceId' | 'eventId' | 'seq'>): Promise<WebhookEvent | undefined> {
    const key = seq === 0 ? keys.event(instanceId, eventId) : keys.numberedEvent(instanceId, seq);
    const item = await this.#table.get(key);
    return item && toEvent(item);
  }

  /** Up to `limit` (1 to 1,000) events with numbers above `after`, the oldest first. A page may hold fewer than there are. */
  async listAfter(
    instanceId: string,
    { after, limit }: { after: number; limit: number },
  ): Promise<WebhookEvent[]> {
    const { items } = await this.#table.query({
      index: 'primary',
      partition: keys.numberedEvent(instanceId, 0).pk,
      sort: {
        kind: 'between',
        from: keys.numberedEvent(instanceId, after + 1).sk,
        to: keys.numberedEvent(instanceId, Number.MAX_SAFE_INTEGER).sk,
      },
      limit,
    });
    return items.map(toEvent);
  }

  /** Deletes all that an instance has here. */
  async purge(instanceId: string): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keys.seq(instanceId) });
    const partition = keys.numberedEvent(instanceId, 0).pk;
    for await (const { pk, sk } of readAll(this.#table, { index: 'primary', partition })) {
      await this.#table.write({ kind: 'delete', key: { pk, sk } });
    }
  }
}

function toEvent(item: Item): WebhookEvent {
  return WebhookEvent.parse(JSON.parse(StoredBody.parse(item).body));
}

/** Seconds since 1970. */
function expiryOf(ts: number): number {
  return Math.ceil(ts / 1000) + EVENT_KEPT_S;
}
