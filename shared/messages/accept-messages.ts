import { createHash } from 'node:crypto';
import type { Instance } from '../domain/instance.ts';
import { type Message, toWaId } from '../domain/message.ts';
import type { MessageContent } from '../domain/message-content.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { IdempotentCall } from '../repositories/idempotency-repository.ts';
import type { MessageRepository } from '../repositories/message-repository.ts';
import type { WriteOp } from '../storage/table.ts';

export type AcceptDeps = {
  readonly messages: Pick<MessageRepository, 'accept'>;
  readonly metrics: Pick<Metrics, 'add'>;
  readonly newUlid: () => string;
  readonly now: () => Date;
};

/** A message that is to be. */
export type Draft = {
  readonly chatId: string;
  readonly content: MessageContent;
  /** Minted before when something is stored under it. */
  readonly messageId?: string;
} & Pick<Message, 'retryOf'>;

export type Acceptance = {
  readonly drafts: readonly Draft[];
  readonly times: Pick<Message, 'sendAt' | 'validUntil'>;
  readonly call?: Omit<IdempotentCall, 'messageIds'> | undefined;
  /** What is to be written with the messages, or not at all. */
  readonly besides?: readonly WriteOp[];
};

/**
 * Writes the messages to the instance's outbox, all or none, from where the runner sends them, at once or when its
 * session is up again: the caller rings. `undefined` when another call with the same idempotency key was first.
 */
export async function acceptMessages(
  instance: Instance,
  { drafts, times, call, besides }: Acceptance,
  deps: AcceptDeps,
): Promise<readonly Message[] | undefined> {
  const messages = drafts.map((draft) => toMessage(instance, { draft, times }, deps));
  const messageIds = messages.map(({ messageId }) => messageId);
  const isFirst = await deps.messages.accept(messages, call && { ...call, messageIds }, besides);
  if (!isFirst) return undefined;
  deps.metrics.add('MessagesAccepted', messages.length);
  return messages;
}

function toMessage(
  { accountId, instanceId, shard }: Instance,
  { draft, times }: { draft: Draft; times: Acceptance['times'] },
  { newUlid, now }: AcceptDeps,
): Message {
  const { chatId, content, messageId = newUlid(), retryOf } = draft;
  return {
    accountId,
    instanceId,
    shard,
    messageId,
    waId: toWaId(sha256Hex(`${instanceId}|${messageId}`)),
    chatId,
    content,
    state: 'QUEUED',
    attempts: 0,
    ...times,
    ...(retryOf !== undefined && { retryOf }),
    queuedAt: now().toISOString(),
  };
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
