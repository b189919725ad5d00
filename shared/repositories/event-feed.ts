import * as z from 'zod';
import { WebhookEvent } from '../contracts/webhook-event.ts';
import type { Table } from '../storage/table.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';

const StoredBody = z.object({ body: z.string() });

/** An event, and how long it is as JSON in UTF-8. */
export type FedEvent = { readonly event: WebhookEvent; readonly bytes: number };

/** The events of instances that are kept, to be read one after the other. */
export class EventFeed {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Those with numbers above `after`, the oldest first, read as they are asked for. */
  async *after(instanceId: string, after: number): AsyncGenerator<FedEvent> {
    const { pk: partition, sk: from } = keys.numberedEvent(instanceId, after + 1);
    const { sk: to } = keys.numberedEvent(instanceId, Number.MAX_SAFE_INTEGER);
    const sort = { kind: 'between', from, to } as const;
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      const { body } = StoredBody.parse(item);
      yield {
        event: WebhookEvent.parse(JSON.parse(body)),
        bytes: new TextEncoder().encode(body).length,
      };
    }
  }
}
