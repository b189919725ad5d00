import * as z from 'zod';
import {
  Message,
  type MessageFailure,
  type MessageState,
  statesBefore,
  TIME_FIELDS,
} from '../domain/message.ts';
import type { Condition, Table, UpdateOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import type { InstanceRef } from './instance-repository.ts';
import { instancePartition, keys, shardOutboxPartition } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { unlessRefused } from './unless-refused.ts';

const StoredMessage = withoutTableKeys.pipe(Message);
const WaIdPointer = z.object({ messageId: z.string() });
const OutboxEntry = z.object({ accountId: z.string(), instanceId: z.string() });

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

export type MessageRef = Pick<Message, 'messageId' | 'instanceId'>;
export type MessageStep = {
  readonly to: MessageState;
  readonly at: Date;
  readonly failure?: MessageFailure;
};

/**
 * Accepted messages, and the outbox of those that wait. The outbox is the truth of what is still to be sent:
 * an entry is written together with its message, and taken away by the very step that ends the waiting.
 */
export class MessageRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The record, the way to it by its WhatsApp id, and its place in the outbox: all or nothing. */
  async accept(message: Message): Promise<void> {
    const { accountId, instanceId, messageId, waId, shard } = message;
    const record = {
      ...toAttributes(message),
      ...keys.message(messageId),
      gsi1pk: instancePartition(instanceId),
      gsi1sk: messageId,
    };
    const entry = {
      ...keys.outbox(instanceId, messageId),
      accountId,
      instanceId,
      gsi1pk: shardOutboxPartition(shard),
      gsi1sk: `${instanceId}#${messageId}`,
    };
    await this.#table.write(
      { kind: 'put', item: record, condition: NOT_THERE },
      { kind: 'put', item: { ...keys.waId(waId, instanceId), messageId }, condition: NOT_THERE },
      { kind: 'put', item: entry },
    );
  }

  async get(messageId: string): Promise<Message | undefined> {
    const item = await this.#table.get(keys.message(messageId));
    return item && StoredMessage.parse(item);
  }

  async getByWaId(waId: string, instanceId: string): Promise<Message | undefined> {
    const pointer = await this.#table.get(keys.waId(waId, instanceId));
    return pointer && (await this.get(WaIdPointer.parse(pointer).messageId));
  }

  /** The messages with this WhatsApp id, of any instance: the caller checks whose they are. */
  async listByWaId(waId: string): Promise<Message[]> {
    const { items } = await this.#table.query({
      index: 'primary',
      partition: keys.waId(waId, '').pk,
    });
    const found = await Promise.all(
      items.map((item) => this.get(WaIdPointer.parse(item).messageId)),
    );
    return found.filter((message) => message !== undefined);
  }

  /** The ids of an instance's waiting messages, in the order in which they were accepted. */
  async *outbox(instanceId: string): AsyncGenerator<string> {
    const partition = keys.outbox(instanceId, '').pk;
    for await (const item of readAll(this.#table, { index: 'primary', partition })) yield item.sk;
  }

  /** The instances of a shard that have messages waiting, each once. */
  async waitingInstances(shard: number): Promise<InstanceRef[]> {
    const waiting = new Map<string, InstanceRef>();
    const query = { index: 'gsi1', partition: shardOutboxPartition(shard) } as const;
    for await (const item of readAll(this.#table, query)) {
      const { accountId, instanceId } = OutboxEntry.parse(item);
      waiting.set(instanceId, { accountId, instanceId });
    }
    return [...waiting.values()];
  }

  /** The message is about to go out: counts the attempt. `undefined` when it waits no more. */
  async startAttempt(messageId: string, at: Date): Promise<Message | undefined> {
    const op = { ...toStep(messageId, { to: 'SENDING', at }), add: { attempts: 1 } };
    const condition = inOneOf(['QUEUED', 'SENDING']);
    return await unlessRefused(async () =>
      StoredMessage.parse(await this.#table.update({ ...op, condition })),
    );
  }

  /**
   * Moves a message on, out of the outbox. Answers it as it is then, or `undefined` when it had come as far
   * already: a repeated or late acknowledgement changes nothing.
   */
  async finish(
    { messageId, instanceId }: MessageRef,
    step: MessageStep,
  ): Promise<Message | undefined> {
    return await unlessRefused(async () => {
      await this.#table.write(toStep(messageId, step), {
        kind: 'delete',
        key: keys.outbox(instanceId, messageId),
      });
      return await this.get(messageId);
    });
  }

  /** Deletes a page of an instance's messages; answers whether there may be more. */
  async purge(instanceId: string): Promise<boolean> {
    const partition = instancePartition(instanceId);
    const { items, cursor } = await this.#table.query({
      index: 'gsi1',
      partition,
      limit: PURGE_PAGE,
    });
    for (const item of items) {
      const { messageId, waId } = StoredMessage.parse(item);
      await this.#table.write(
        { kind: 'delete', key: keys.message(messageId) },
        { kind: 'delete', key: keys.waId(waId, instanceId) },
        { kind: 'delete', key: keys.outbox(instanceId, messageId) },
      );
    }
    return cursor !== undefined;
  }
}

const PURGE_PAGE = 100;

function toStep(messageId: string, { to, at, failure }: MessageStep): UpdateOp {
  return {
    kind: 'update',
    key: keys.message(messageId),
    set: { state: to, [TIME_FIELDS[to]]: at.toISOString(), ...(failure && { failure }) },
    condition: inOneOf(statesBefore(to)),
  };
}

function inOneOf(states: readonly MessageState[]): Condition {
  return {
    kind: 'or',
    any: states.map((value) => ({ kind: 'equals', field: 'state', value })),
  };
}
