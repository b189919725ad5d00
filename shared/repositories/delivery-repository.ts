import * as z from 'zod';
import { Delivery, readWaitingKey, type WaitingPlace, waitingKeyOf } from '../domain/delivery.ts';
import type { Condition, Item, Page, Table, WriteOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { deleteAll } from './delete-all.ts';
import { deadDeliveriesPartition, keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** How long a delivery can be looked at after its event was recorded. */
const DELIVERY_KEPT_S = 7 * 24 * 3600;
const REDRIVE_PAGE = 100;

const StoredDelivery = withoutTableKeys.pipe(Delivery);
const WaitingEntry = z.object({ deliveryId: z.string() });

const IS_PENDING: Condition = { kind: 'equals', field: 'state', value: 'PENDING' };
const IS_DEAD: Condition = { kind: 'equals', field: 'state', value: 'DEAD' };

/** Names an endpoint. */
export type EndpointRef = Pick<Delivery, 'instanceId' | 'endpointId'>;

/** `cursor` is there when more may follow. */
type DeliveryPage = {
  readonly deliveries: readonly Delivery[];
  readonly cursor?: string;
};

/**
 * What became of each event at each endpoint. One that is not settled has an entry among what waits for its endpoint,
 * written and taken away with the record in one transaction; whoever holds the instance's shard works on those.
 */
export class DeliveryRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async get(instanceId: string, deliveryId: string): Promise<Delivery | undefined> {
    const item = await this.#table.get(keys.delivery(instanceId, deliveryId));
    return item && StoredDelivery.parse(item);
  }

  /** An instance's, the newest first, read as they are asked for: all, or those from one id to another, both included. */
  async *newest(
    instanceId: string,
    range?: { readonly from: string; readonly to: string },
  ): AsyncGenerator<Delivery> {
    const partition = keys.delivery(instanceId, '').pk;
    const sort = range && { sort: { kind: 'between', ...range } as const };
    const query = { index: 'primary', partition, newestFirst: true, ...sort } as const;
    for await (const item of readAll(this.#table, query)) yield StoredDelivery.parse(item);
  }

  /** The first of what waits for an endpoint, in its order, what is due later too; `limit` is 1 to 1,000. */
  async firstWaiting(
    { instanceId, endpointId }: EndpointRef,
    limit: number,
  ): Promise<{ places: WaitingPlace[]; hasMore: boolean }> {
    const partition = keys.waiting(instanceId, endpointId, '').pk;
    const { items, cursor } = await this.#table.query({ index: 'primary', partition, limit });
    return { places: items.map(({ sk }) => readWaitingKey(sk)), hasMore: cursor !== undefined };
  }

  /** All that waits for an endpoint, what is due later too. */
  async *waiting({ instanceId, endpointId }: EndpointRef): AsyncGenerator<Delivery> {
    const partition = keys.waiting(instanceId, endpointId, '').pk;
    for await (const item of readAll(this.#table, { index: 'primary', partition })) {
      const { deliveryId } = WaitingEntry.parse(item);
      const delivery = await this.get(instanceId, deliveryId);
      if (delivery?.state === 'PENDING') yield delivery;
    }
  }

  /** Writes deliveries that are to be made: replays of others. */
  async add(deliveries: readonly Delivery[]): Promise<void> {
    await this.#table.write(...deliveries.flatMap(toWaitingOps));
  }

  /**
   * Puts `after` in the place of `before`. Whoever holds the shard does so, alone. `false` when it is not PENDING any
   * more: a write that was held up on its way changes nothing.
   */
  async advance(before: Delivery, after: Delivery): Promise<boolean> {
    const { instanceId, endpointId } = before;
    const waitingKey = waitingKeyOf(before);
    const ops: WriteOp[] = [{ kind: 'put', item: toItem(after), condition: IS_PENDING }];
    if (after.state !== 'PENDING' || waitingKeyOf(after) !== waitingKey) {
      ops.push({ kind: 'delete', key: keys.waiting(instanceId, endpointId, waitingKey) });
    }
    if (after.state === 'PENDING') ops.push(toWaitingOp(after));
    return await writeUnlessRefused(this.#table, ...ops);
  }

  /** A page of the DEAD ones of an instance, the oldest first. The index may lag behind. Throws `InvalidCursor`. */
  async listDead(instanceId: string, cursor?: string): Promise<DeliveryPage> {
    const page = await this.#table.query({
      index: 'gsi1',
      partition: deadDeliveriesPartition(instanceId),
      limit: REDRIVE_PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    return toDeliveryPage(page);
  }

  /** A DEAD one waits again, as if no attempt had been made. `false` when it is not DEAD any more. */
  async redrive({ error, settledAt, nextAttemptAt, ...dead }: Delivery): Promise<boolean> {
    const pending: Delivery = { ...dead, state: 'PENDING', attempts: 0 };
    return await writeUnlessRefused(
      this.#table,
      { kind: 'put', item: toItem(pending), condition: IS_DEAD },
      toWaitingOp(pending),
    );
  }

  /** Deletes all that an instance has here for these endpoints. */
  async purge(instanceId: string, endpointIds: readonly string[]): Promise<void> {
    const partitions = [
      keys.delivery(instanceId, '').pk,
      ...endpointIds.map((endpointId) => keys.waiting(instanceId, endpointId, '').pk),
    ];
    for (const partition of partitions) await deleteAll(this.#table, partition);
  }
}

/** A new delivery, and its place among what waits. */
export function toWaitingOps(delivery: Delivery): WriteOp[] {
  return [{ kind: 'put', item: toItem(delivery) }, toWaitingOp(delivery)];
}

function toWaitingOp(delivery: Delivery): WriteOp {
  const { instanceId, endpointId, deliveryId } = delivery;
  return {
    kind: 'put',
    item: {
      ...keys.waiting(instanceId, endpointId, waitingKeyOf(delivery)),
      deliveryId,
      expiresAt: expiryOf(delivery),
    },
  };
}

function toItem(delivery: Delivery): Item {
  const { instanceId, deliveryId, state } = delivery;
  return {
    ...toAttributes(delivery),
    ...keys.delivery(instanceId, deliveryId),
    expiresAt: expiryOf(delivery),
    ...(state === 'DEAD' && { gsi1pk: deadDeliveriesPartition(instanceId), gsi1sk: deliveryId }),
  };
}

/** Seconds since 1970. */
function expiryOf({ createdAt }: Delivery): number {
  return Math.ceil(new Date(createdAt).getTime() / 1000) + DELIVERY_KEPT_S;
}

function toDeliveryPage({ items, cursor }: Page): DeliveryPage {
  return {
    deliveries: items.map((item) => StoredDelivery.parse(item)),
    ...(cursor !== undefined && { cursor }),
  };
}
