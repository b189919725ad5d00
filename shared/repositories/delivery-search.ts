import { Delivery } from '../domain/delivery.ts';
import type { Table } from '../storage/table.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';

const StoredDelivery = withoutTableKeys.pipe(Delivery);

/** The deliveries of instances by when they were made, which their ids say. */
export class DeliverySearch {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Those from one id to another, both included, the newest first, read as they are asked for. */
  async *newest(
    instanceId: string,
    { from, to }: { from: string; to: string },
  ): AsyncGenerator<Delivery> {
    const partition = keys.delivery(instanceId, from).pk;
    const sort = { kind: 'between', from, to } as const;
    const query = { index: 'primary', partition, sort, newestFirst: true } as const;
    for await (const item of readAll(this.#table, query)) yield StoredDelivery.parse(item);
  }
}
