import * as z from 'zod';
import { dueKeyOf } from '../domain/due-key.ts';
import {
  Message,
  type MessageFailure,
  type MessageState,
  statesBefore,
  TIME_FIELDS,
} from '../domain/message.ts';
import type { MediaUpload } from '../domain/message-content.ts';
import {
  type Condition,
  ConditionFailed,
  type Table,
  type UpdateOp,
  type WriteOp,
} from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { type IdempotentCall, noteCallOp } from './idempotency-repository.ts';
import { instancePartition, keys } from './keys.ts';
import { toOutboxItem } from './outbox-repository.ts';
import { withoutTableKeys } from './stored.ts';
import { unlessRefused } from './unless-refused.ts';
import { toUntoldOp } from './untold-repository.ts';

const StoredMessage = withoutTableKeys.pipe(Message);
const WaIdPointer = z.object({ messageId: z.string() });

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

export type MessageRef = Pick<Message, 'messageId' | 'instanceId' | 'sendAt'>;
/** `cursor` is there when more messages may follow. */
type MessagePage = { readonly messages: readonly Message[]; readonly cursor?: string };
export type MessageStep = {
  readonly to: MessageState;
  readonly at: Date;
  readonly failure?: MessageFailure;
};

/**
 * Accepted messages. What is still to be sent is in the outbox as well: an entry is written together with its message,
 * and taken away by the very step that ends the waiting.
 */
export class MessageRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Their records, the ways to them by their WhatsApp ids, and their places in the outbox, with what is to be written
   * `besides`: all or nothing. With a `call`, `false` and nothing when another call had its key.
   */
  async accept(
    messages: readonly Message[],
    call?: IdempotentCall,
    besides: readonly WriteOp[] = [],
  ): Promise<boolean> {
    const [first] = messages;
    if (first === undefined) throw new RangeError('There is no message to accept.');
    const note = call ? [noteCallOp(call, new Date(first.queuedAt))] : [];
    try {
      await this.#table.write(...note, ...messages.flatMap(toAcceptOps), ...besides);
      return true;
    } catch (cause) {
      if (call && cause instanceof ConditionFailed && cause.opIndex === 0) return false;
      throw cause;
    }
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

  /** A page of an instance's, newest first; `limit` is 1 to 1,000. The index may lag behind. Throws `InvalidCursor`. */
  async list(
    instanceId: string,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<MessagePage> {
    const page = await this.#table.query({
      index: 'gsi1',
      partition: instancePartition(instanceId),
      newestFirst: true,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return {
      messages: page.items.map((item) => StoredMessage.parse(item)),
      ...(page.cursor !== undefined && { cursor: page.cursor }),
    };
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
   * Moves a message on, out of the outbox, and notes that no event tells of it yet. Answers it as it is then, or
   * `undefined` when it had come as far already: a repeated or late acknowledgement changes nothing. `from` narrows the
   * states that it may come from.
   */
  async finish(
    ref: MessageRef,
    step: MessageStep,
    from: readonly MessageState[] = statesBefore(step.to),
  ): Promise<Message | undefined> {
    const { messageId, instanceId } = ref;
    return await unlessRefused(async () => {
      await this.#table.write(
        { ...toStep(messageId, step), condition: inOneOf(from) },
        { kind: 'delete', key: keys.outbox(instanceId, dueKeyOf(ref)) },
        toUntoldOp(instanceId, { kind: 'message', messageId, state: step.to }),
      );
      return await this.get(messageId);
    });
  }

  /** Keeps where WhatsApp has the file of a message. `undefined` when it waits no more, or has one already. */
  async keepUpload(messageId: string, upload: MediaUpload): Promise<Message | undefined> {
    return await unlessRefused(async () => {
      const item = await this.#table.update({
        kind: 'update',
        key: keys.message(messageId),
        set: toAttributes({ upload }),
        condition: {
          kind: 'and',
          all: [inOneOf(['QUEUED', 'SENDING']), { kind: 'absent', field: 'upload' }],
        },
      });
      return StoredMessage.parse(item);
    });
  }

  /**
   * Puts another content in place of one that WhatsApp refused, under a WhatsApp id of its own: to send something else
   * under the old one would be a lie to whoever saw it. It waits on where it was. `undefined` when it waits no more.
   */
  async replaceContent(
    message: Message,
    { waId, content }: Pick<Message, 'waId' | 'content'>,
  ): Promise<Message | undefined> {
    const { messageId, instanceId } = message;
    return await unlessRefused(async () => {
      await this.#table.write(
        {
          kind: 'update',
          key: keys.message(messageId),
          set: toAttributes({ waId, content }),
          condition: {
            kind: 'and',
            all: [inOneOf(['SENDING']), { kind: 'equals', field: 'waId', value: message.waId }],
          },
        },
        {
          kind: 'put',
          item: { ...keys.waId(waId, instanceId), messageId, expiresAt: expiryOf(message) },
        },
      );
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
      const message = StoredMessage.parse(item);
      await this.#table.write(
        { kind: 'delete', key: keys.message(message.messageId) },
        { kind: 'delete', key: keys.waId(message.waId, instanceId) },
        { kind: 'delete', key: keys.outbox(instanceId, dueKeyOf(message)) },
      );
    }
    return cursor !== undefined;
  }
}

const PURGE_PAGE = 100;
/** How long a message is kept after the time in which it was worth sending. */
const KEPT_S = 30 * 24 * 3_600;

function toAcceptOps(message: Message): WriteOp[] {
  const { instanceId, messageId, waId } = message;
  const kept = { expiresAt: expiryOf(message) };
  const record = {
    ...toAttributes(message),
    ...keys.message(messageId),
    ...kept,
    gsi1pk: instancePartition(instanceId),
    gsi1sk: messageId,
  };
  const pointer = { ...keys.waId(waId, instanceId), ...kept, messageId };
  return [
    { kind: 'put', item: record, condition: NOT_THERE },
    { kind: 'put', item: pointer, condition: NOT_THERE },
    { kind: 'put', item: { ...toOutboxItem(message), ...kept } },
  ];
}

/** Seconds since 1970. */
function expiryOf({ validUntil, queuedAt }: Message): number {
  return Math.ceil(new Date(validUntil ?? queuedAt).getTime() / 1_000) + KEPT_S;
}

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
