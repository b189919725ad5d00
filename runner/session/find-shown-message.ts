import type { LinkedUser } from '#shared/domain/instance.ts';
import type { MessageTarget } from '#shared/domain/message-content.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import type { WhatsApp } from './whatsapp.ts';

type Deps = Pick<WhatsApp, 'toOwnMessage' | 'readReceived'> & {
  readonly messages: Pick<MessageRepository, 'getByWaId'>;
  readonly received: Pick<ReceivedRepository, 'get'>;
};

/** A message of an instance, sent or received, as events show it; `undefined` when it is kept no more. */
export async function findShownMessage(
  { instanceId, user }: { instanceId: string; user: LinkedUser | undefined },
  { waId, fromMe }: Pick<MessageTarget, 'waId' | 'fromMe'>,
  { messages, received, toOwnMessage, readReceived }: Deps,
): Promise<InboundMessage | undefined> {
  const own = fromMe ? await messages.getByWaId(waId, instanceId) : undefined;
  if (own) return toOwnMessage(own, user);
  const kept = await received.get(instanceId, waId);
  return kept && readReceived(kept, user);
}
