import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { InboundAct, InboundTarget, Person } from '../inbound/inbound-message.ts';
import { isSamePerson } from './person.ts';

/** Who does it, and where. */
export type Actor = {
  readonly fromMe: boolean;
  readonly sender: Person;
  /** Whose device this is. */
  readonly me: Person;
  /** The other one, in a chat with one person. */
  readonly partner: Person | undefined;
  /** The stanza says that an admin of the group deletes what another one wrote: the server has made sure of it. */
  readonly isAdminDeletion: boolean;
  /** Who is behind an address. */
  readonly toPerson: (jid: string) => Person;
};

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;

/** `undefined` for a message that stands for itself, and for what its sender may not do. */
export function readAct(message: proto.IMessage, actor: Actor): InboundAct | undefined {
  const wire = normalizeMessageContent(message);
  return (
    readReaction(wire?.reactionMessage, actor) ??
    readVote(wire?.pollUpdateMessage, actor) ??
    readNote(wire?.protocolMessage, actor)
  );
}

function readReaction(
  reaction: proto.Message.IReactionMessage | null | undefined,
  actor: Actor,
): InboundAct | undefined {
  const target = readTarget(reaction?.key, actor);
  return target && { kind: 'reaction', target, emoji: reaction?.text ?? '' };
}

function readVote(
  update: proto.Message.IPollUpdateMessage | null | undefined,
  actor: Actor,
): InboundAct | undefined {
  const target = readTarget(update?.pollCreationMessageKey, actor);
  const { encPayload: payload, encIv: iv } = update?.vote ?? {};
  return target && payload && iv ? { kind: 'vote', target, vote: { payload, iv } } : undefined;
}

function readNote(
  note: proto.Message.IProtocolMessage | null | undefined,
  actor: Actor,
): InboundAct | undefined {
  const target = readTarget(note?.key, actor);
  if (!note || !target) return undefined;
  const isOwn = isOwnTarget(note, actor);
  if (note.type === MESSAGE_EDIT) return isOwn ? { kind: 'edit', target } : undefined;
  const mayDelete = isOwn || actor.isAdminDeletion;
  return note.type === REVOKE && mayDelete ? { kind: 'revoke', target } : undefined;
}

/** What an edit says anew. */
export function editedContent(message: proto.IMessage): proto.IMessage | undefined {
  return normalizeMessageContent(message)?.protocolMessage?.editedMessage ?? undefined;
}

/** Nobody changes what another one has written; what our own devices do has been looked at by them. */
function isOwnTarget({ key }: proto.Message.IProtocolMessage, { fromMe }: Actor): boolean {
  return fromMe || key?.fromMe === true;
}

/** The key is written as its sender sees the message. */
function readTarget(
  key: proto.IMessageKey | null | undefined,
  { fromMe, sender, me, partner, toPerson }: Actor,
): InboundTarget | undefined {
  if (!key?.id) return undefined;
  const waId = key.id;
  if (key.fromMe) return { waId, fromMe, author: sender };
  if (partner) return fromMe ? { waId, fromMe: false, author: partner } : ofUs(waId, me);
  const author = key.participant ? toPerson(key.participant) : undefined;
  if (!author) return undefined;
  return isSamePerson(author, me) ? ofUs(waId, me) : { waId, fromMe: false, author };
}

function ofUs(waId: string, me: Person): InboundTarget {
  return { waId, fromMe: true, author: me };
}
