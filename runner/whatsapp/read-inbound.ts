import {
  decodeMessageNode,
  proto,
  unpadRandomMax16,
  type WAMessage,
} from '@whiskeysockets/baileys';
import type { Recipient } from '#shared/domain/recipient.ts';
import type { InboundMessage, Person } from '../inbound/inbound-message.ts';
import type { InboxEntry } from './inbox.ts';
import { fromJid } from './jid.ts';
import { readContent } from './read-content.ts';

/** Whose device this is: its own addresses. */
export type Me = { readonly id: string; readonly lid?: string | undefined };

/** `undefined` for what is no message to a person, and for chats that are neither with a person nor a group. */
export function readInbound({ attrs, plaintext }: InboxEntry, me: Me): InboundMessage | undefined {
  const stanza = { tag: 'message', attrs: { ...attrs } };
  const { fullMessage, author } = decodeMessageNode(stanza, me.id, me.lid ?? '');
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const content = readContent(message);
  const { key } = fullMessage;
  const chat = pickChat(key, attrs);
  if (content === undefined || chat === undefined || !key.id) return undefined;
  return {
    waId: key.id,
    ownPhone: personOf([me.id]).phone ?? '',
    chat,
    sender: key.fromMe ? personOf([me.id, me.lid]) : senderOf(fullMessage, author),
    fromMe: key.fromMe ?? false,
    at: new Date(Number(attrs['t'] ?? 0) * 1000),
    backlog: attrs['offline'] !== undefined,
    content,
    raw: toRaw({ ...fullMessage, message }),
  };
}

/**
 * A chat with a person goes by the number where it is known: a LID says nothing to the account. In a message of
 * our own `remoteJidAlt` is the sender, so the partner is read from the stanza.
 */
function pickChat(key: WAMessage['key'], attrs: InboxEntry['attrs']): Recipient | undefined {
  const partner = attrs['peer_recipient_pn'] ?? attrs['recipient_pn'];
  const other = key.fromMe ? partner : key.remoteJidAlt;
  const addresses = [fromJid(key.remoteJid), fromJid(other)];
  return addresses.find((address) => address?.kind !== 'lid' && address) ?? addresses[0];
}

function senderOf({ key, pushName }: WAMessage, author: string): Person {
  const person = personOf([author, key.participantAlt, key.remoteJidAlt]);
  return pushName ? { ...person, name: pushName } : person;
}

function personOf(jids: readonly (string | null | undefined)[]): Person {
  const addresses = jids.map((jid) => fromJid(jid));
  const phone = addresses.find((address) => address?.kind === 'phone');
  const lid = addresses.find((address) => address?.kind === 'lid');
  return {
    ...(phone?.kind === 'phone' && { phone: phone.phone }),
    ...(lid?.kind === 'lid' && { lid: lid.lid }),
  };
}

/** As plain JSON: bytes in base64, long numbers as text. */
function toRaw(message: WAMessage): unknown {
  const { key, messageTimestamp, pushName } = message;
  const wire = message.message ? proto.Message.fromObject(message.message) : undefined;
  return JSON.parse(
    JSON.stringify({
      key,
      messageTimestamp: String(messageTimestamp),
      ...(pushName && { pushName }),
      message:
        wire && proto.Message.toObject(wire, { bytes: String, longs: String, enums: String }),
    }),
  );
}
