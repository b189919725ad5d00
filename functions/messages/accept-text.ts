import { createHash } from 'node:crypto';
import { decideSend } from '#shared/domain/decide-wish.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { type Message, toWaId } from '#shared/domain/message.ts';
import type { Deps } from '../deps.ts';
import { ringInstance } from '../ring-instance.ts';

export type AcceptNeeds = Pick<
  Deps,
  'logger' | 'messages' | 'metrics' | 'newUlid' | 'now' | 'ringDoorbell'
>;

/**
 * Writes a text to the instance's outbox, from where the runner sends it, at once or when its session is up
 * again. Throws `not_linked` when nobody has asked for a session.
 */
export async function acceptText(
  instance: Instance,
  { chatId, text }: { chatId: string; text: string },
  deps: AcceptNeeds,
): Promise<Message> {
  const decision = decideSend(instance);
  if (decision.kind === 'refuse') throw new DomainError('not_linked', decision.reason);

  const { accountId, instanceId, shard } = instance;
  const messageId = deps.newUlid();
  const message: Message = {
    accountId,
    instanceId,
    shard,
    messageId,
    waId: toWaId(sha256Hex(`${instanceId}|${messageId}`)),
    chatId,
    content: { kind: 'text', text },
    state: 'QUEUED',
    attempts: 0,
    queuedAt: deps.now().toISOString(),
  };
  await deps.messages.accept(message);
  deps.metrics.add('MessagesAccepted', 1);
  await ringInstance(instance, { kind: 'outbox', dedupId: messageId }, deps);
  return message;
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
