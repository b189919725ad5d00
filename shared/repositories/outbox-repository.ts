import * as z from 'zod';
import { dueKeyOf, lastDueKey } from '../domain/due-key.ts';
import { ObjectId, Ulid } from '../domain/identifier.ts';
import { isOutdated, type Message } from '../domain/message.ts';
import { isMedia } from '../domain/message-content.ts';
import type { Item, Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import type { InstanceRef } from './instance-repository.ts';
import { keys, shardOutboxPartition } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';

/** A message that waits, as far as one must know it to decide what becomes of it now. */
export const OutboxEntry = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  messageId: Ulid,
  chatId: z.string(),
  /** It has a file that must be with WhatsApp first. */
  hasMedia: z.boolean(),
  sendAt: z.iso.datetime().optional(),
  validUntil: z.iso.datetime().optional(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

const StoredEntry = withoutTableKeys.pipe(OutboxEntry);

/** Clocks of machines differ by less: nothing that is due is overlooked for it. */
const CLOCKS_DIFFER_MS = 60_000;

/** The messages that wait to be sent, in the order in which they are due. `MessageRepository` writes them. */
export class OutboxRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** What of an instance is due by now, and a minute on; in order. */
  async *due(instanceId: string, now: Date): AsyncGenerator<OutboxEntry> {
    const partition = keys.outbox(instanceId, '').pk;
    const sort = { kind: 'between', from: '0', to: dueBy(now) } as const;
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      yield StoredEntry.parse(item);
    }
  }

  /** Everything of an instance that waits, what is due later too. */
  async *all(instanceId: string): AsyncGenerator<OutboxEntry> {
    const partition = keys.outbox(instanceId, '').pk;
    for await (const item of readAll(this.#table, { index: 'primary', partition })) {
      yield StoredEntry.parse(item);
    }
  }

  /**
   * What the instances of a shard have to do: each that has a message due, once, and every message whose time has run
   * out. The index may lag behind a little.
   */
  async lookThrough(
    shard: number,
    now: Date,
  ): Promise<{ waiting: InstanceRef[]; outdated: OutboxEntry[] }> {
    const waiting = new Map<string, InstanceRef>();
    const outdated: OutboxEntry[] = [];
    const query = { index: 'gsi1', partition: shardOutboxPartition(shard) } as const;
    for await (const item of readAll(this.#table, query)) {
      const entry = StoredEntry.parse(item);
      const { accountId, instanceId } = entry;
      // One that is in doubt is outdated too, and still for the session to settle.
      if (isOutdated(entry, now)) outdated.push(entry);
      if (item.sk <= dueBy(now)) waiting.set(instanceId, { accountId, instanceId });
    }
    return { waiting: [...waiting.values()], outdated };
  }
}

/** The message's place in the outbox. */
export function toOutboxItem(message: Message): Item {
  const { accountId, instanceId, messageId, shard, chatId, content, sendAt, validUntil } = message;
  const dueKey = dueKeyOf(message);
  const entry: OutboxEntry = {
    accountId,
    instanceId,
    messageId,
    chatId,
    hasMedia: isMedia(content),
    ...(sendAt !== undefined && { sendAt }),
    ...(validUntil !== undefined && { validUntil }),
  };
  return {
    ...toAttributes(entry),
    ...keys.outbox(instanceId, dueKey),
    gsi1pk: shardOutboxPartition(shard),
    gsi1sk: `${instanceId}#${dueKey}`,
  };
}

function dueBy(now: Date): string {
  return lastDueKey(new Date(now.getTime() + CLOCKS_DIFFER_MS));
}
