import * as z from 'zod';
import { WebhookEvent } from '../contracts/webhook-event.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Untold } from '../domain/untold.ts';
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Table,
  type WriteOp,
} from '../storage/table.ts';
import { deleteAll } from './delete-all.ts';
import { toWaitingOps } from './delivery-repository.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { toToldOp } from './untold-repository.ts';

/** How long an event is kept after it happened, and was recorded: for telling repeats, for pulling, and for replays. */
const EVENT_KEPT_S = 7 * 24 * 3600;

const StoredCounter = z.object({ seq: z.int() });
const StoredBody = z.object({ body: z.string() });

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

/** An event, and the deliveries that it is to make. */
export type Recorded = {
  readonly event: WebhookEvent;
  readonly deliveries: readonly Delivery[];
  /** Where that may be long after it happened: who was offline for weeks is told of it all the same. */
  readonly recordedAt?: Date;
};
/** An event, and how long it is as JSON in UTF-8. */
type ReadEvent = { readonly event: WebhookEvent; readonly bytes: number };
/** What is written at once: events with successive numbers, and what they have told. */
type Moment = { readonly recorded: readonly Recorded[]; readonly told?: readonly Untold[] };
type Appended =
  | { readonly kind: 'recorded' }
  /** The first that is there already. */
  | { readonly kind: 'known'; readonly index: number };

/** How many ops of a transaction an event takes, beside one for the counter of all. */
export function opsOfEvent(deliveries: number): number {
  return 2 + 2 * deliveries;
}

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
  async append(recorded: Recorded): Promise<boolean> {
    const { instance_id: instanceId } = recorded.event;
    return (await this.appendAll(instanceId, { recorded: [recorded] })).kind === 'recorded';
  }

  /**
   * Records the events of one moment with the next numbers, together with their deliveries, and that they are told: all
   * or nothing. An event whose id is there already is named, and nothing is written. Throws when another writer took a
   * number.
   */
  async appendAll(instanceId: string, { recorded, told = [] }: Moment): Promise<Appended> {
    const last = recorded.at(-1)?.event.seq;
    const ops = [
      ...recorded.map(toIdOp),
      ...(last === undefined ? [] : [toCounterOp(instanceId, last)]),
      ...recorded.map(toNumberedOp),
      ...recorded.flatMap(({ deliveries }) => deliveries.flatMap(toWaitingOps)),
      ...told.map((note) => toToldOp(instanceId, note)),
    ];
    try {
      if (ops.length > 0) await this.#table.write(...ops);
      return { kind: 'recorded' };
    } catch (cause) {
      const isKnown = cause instanceof ConditionFailed && cause.opIndex < recorded.length;
      if (isKnown) return { kind: 'known', index: cause.opIndex };
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

  /** Those with numbers above `after`, the oldest first, read as they are asked for. */
  async *after(instanceId: string, after: number): AsyncGenerator<ReadEvent> {
    const { pk: partition, sk: from } = keys.numberedEvent(instanceId, after + 1);
    const { sk: to } = keys.numberedEvent(instanceId, Number.MAX_SAFE_INTEGER);
    const sort = { kind: 'between', from, to } as const;
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      const { body } = StoredBody.parse(item);
      yield { event: toEvent(item), bytes: new TextEncoder().encode(body).length };
    }
  }

  /** Deletes all that an instance has here, and all else that lies beside the ids of its events: its endpoints too. */
  async purge(instanceId: string): Promise<void> {
    await deleteAll(this.#table, keys.numberedEvent(instanceId, 0).pk);
    await deleteAll(this.#table, keys.seq(instanceId).pk);
  }
}

function toIdOp({ event, recordedAt }: Recorded): WriteOp {
  const { instance_id: instanceId, id, seq, ts } = event;
  const item = { ...keys.event(instanceId, id), seq, expiresAt: expiryOf(ts, recordedAt) };
  return { kind: 'put', item, condition: NOT_THERE };
}

function toCounterOp(instanceId: string, seq: number): WriteOp {
  return {
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
  };
}

function toNumberedOp({ event, recordedAt }: Recorded): WriteOp {
  const { instance_id: instanceId, seq, ts } = event;
  const body = JSON.stringify(event);
  const expiresAt = expiryOf(ts, recordedAt);
  const item = { ...keys.numberedEvent(instanceId, seq), body, expiresAt };
  return { kind: 'put', item };
}

function toEvent(item: Item): WebhookEvent {
  return WebhookEvent.parse(JSON.parse(StoredBody.parse(item).body));
}

/** Seconds since 1970. */
function expiryOf(ts: number, recordedAt?: Date): number {
  const fromMs = Math.max(ts, recordedAt?.getTime() ?? 0);
  return Math.ceil(fromMs / 1000) + EVENT_KEPT_S;
}
