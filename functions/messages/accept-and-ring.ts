import { decideSend } from '#shared/domain/decide-wish.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import { type Acceptance, acceptMessages } from '#shared/messages/accept-messages.ts';
import type { Deps } from '../deps.ts';
import { ringInstance } from '../ring-instance.ts';

type Needs = Pick<Deps, 'logger' | 'messages' | 'metrics' | 'newUlid' | 'now' | 'ringDoorbell'>;

/** Throws `not_linked` when nobody has asked for a session. */
export function requireSendable(instance: Instance): void {
  const decision = decideSend(instance);
  if (decision.kind === 'refuse') throw new DomainError('not_linked', decision.reason);
}

/** Accepts the messages, and tells the instance's runner. `undefined` when another call had the key first. */
export async function acceptAndRing(
  instance: Instance,
  acceptance: Acceptance,
  deps: Needs,
): Promise<readonly Message[] | undefined> {
  const messages = await acceptMessages(instance, acceptance, deps);
  const dedupId = messages?.[0]?.messageId;
  if (dedupId !== undefined) await ringInstance(instance, { kind: 'outbox', dedupId }, deps);
  return messages;
}
