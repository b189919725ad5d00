import { createHash } from 'node:crypto';
import { decideSend } from '#shared/domain/decide-wish.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, toWaId } from '#shared/domain/message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import type { IdempotentCall } from '#shared/repositories/idempotency-repository.ts';
import type { Deps } from '../deps.ts';
import { ringInstance } from '../ring-instance.ts';

export type AcceptNeeds = Pick<
  Deps,
  'logger' | 'messages' | 'metrics' | 'newUlid' | 'now' | 'ringDoorbell'
>;

/** A message that is to be. */
export type Draft = {
  readonly chatId: string;
  readonly content: MessageContent;
  /** Minted before when something was stored under it. */
  readonly messageId?: string;
} & Pick<Message, 'retryOf'>;

export type Acceptance = {
  readonly drafts: readonly Draft[];
  readonly times: Pick<Message, 'sendAt' | 'validUntil'>;
  readonly call?: Omit<IdempotentCall, 'messageIds'> | undefined;
};

/** Throws `not_linked` when nobody has asked for a session. */
export function requireSendable(instance: Instance): void {
  const decision = decideSend(instance);
  if (decision.kind === 'refuse') throw new DomainError('not_linked', decision.reason);
}

/**
 * Writes the messages to the instance's outbox, all or none, from where the runner sends them, at once or when its
 * session is up again. `undefined` when another call with the same idempotency key was first.
 */
export async function acceptMessages(
  instance: Instance,
  { drafts, times, call }: Acceptance,
  deps: AcceptNeeds,
): Promise<readonly Message[] | undefined> {
  const messages = drafts.map((draft) => toMessage(instance, { draft, times }, deps));
  const messageIds = messages.map(({ messageId }) => messageId);
  const isFirst = await deps.messages.accept(messages, call && { ...call, messageIds });
  if (!isFirst) return undefined;
  deps.metrics.add('MessagesAccepted', messages.length);
  const dedupId = messageIds[0] ?? deps.newUlid();
  await ringInstance(instance, { kind: 'outbox', dedupId }, deps);
  return messages;
}

function toMessage(
  { accountId, instanceId, shard }: Instance,
  { draft, times }: { draft: Draft; times: Acceptance['times'] },
  { newUlid, now }: AcceptNeeds,
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
