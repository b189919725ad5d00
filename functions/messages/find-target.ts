import { Ulid } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import type { MessageTarget } from '#shared/domain/message-content.ts';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';
import type { Deps } from '../deps.ts';
import { noSuchMessage } from './send-options.ts';

type Needs = Pick<Deps, 'messages' | 'received'>;

/** A message that another one is about. */
export type FoundTarget =
  | { readonly kind: 'own'; readonly message: Message }
  | { readonly kind: 'received'; readonly message: ReceivedMessage };

/** WhatsApp's ids are hex digits; open-wa's have the chat before them, and in groups the author behind. */
const WA_ID = /^(?:(?:true|false)_[^_]+_)?([0-9A-Za-z]{8,64})(?:_[^_]+)?$/;

/**
 * The message of the instance that `id` names: by our id, WhatsApp's, or open-wa's (`false_<chat>_<id>`). Throws
 * `not_found` with the `path` of the field.
 */
export async function findTarget(
  instance: Instance,
  { id, path }: { id: string; path: string },
  { messages, received }: Needs,
): Promise<FoundTarget> {
  const { instanceId } = instance;
  if (Ulid.safeParse(id).success) {
    const message = await messages.get(id);
    if (message?.instanceId === instanceId) return { kind: 'own', message };
    throw noSuchMessage(path);
  }
  const waId = WA_ID.exec(id)?.[1];
  if (waId === undefined) throw noSuchMessage(path);
  const own = await messages.getByWaId(waId, instanceId);
  if (own) return { kind: 'own', message: own };
  const message = await received.get(instanceId, waId);
  if (message) return { kind: 'received', message };
  throw noSuchMessage(path);
}

export function toTarget({ kind, message }: FoundTarget): MessageTarget {
  const { waId, chatId } = message;
  return { waId, chatId, fromMe: kind === 'own' || message.fromMe };
}
