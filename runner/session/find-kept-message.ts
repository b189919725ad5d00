import type { MessageTarget } from '#shared/domain/message-content.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import type { KeptMessage } from '../whatsapp/compose-message.ts';
import { toOutgoing } from './outgoing-message.ts';

/** The message of an instance that another one is about, sent or received. */
export async function findKeptMessage(
  instanceId: string,
  { waId, fromMe }: MessageTarget,
  deps: { messages: MessageRepository; received: ReceivedRepository },
): Promise<KeptMessage | undefined> {
  const own = fromMe ? await deps.messages.getByWaId(waId, instanceId) : undefined;
  const message = own && toOutgoing(own);
  if (message) return { kind: 'own', message };
  const received = await deps.received.get(instanceId, waId);
  return received && { kind: 'received', message: received };
}
