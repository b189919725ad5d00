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

/** The number behind a LID, when it is known. */
export type PhoneOfLid = (lid: string) => string | undefined;

/** `undefined` for what is no message to a person, and for chats that are neither with a person nor a group. */
export function readInbound(
  { attrs, plaintext }: InboxEntry,
  me: Me,
  phoneOfLid: PhoneOfLid = () => undefined,
): InboundMessage | undefined {
  const stanza = { tag: 'message', attrs: { ...attrs } };
  const { fullMessage, author } = decodeMessageNode(stanza, me.id, me.lid ?? '');
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const content = readContent(message);
  const { key } = fullMessage;
  const chat = fromJid(key.remoteJid);
  if (content === undefined || chat === undefined || !key.id || !message) return undefined;
  const known = (person: Person) => withPhone(person, phoneOfLid);
  const partner = chat.kind === 'group' ? undefined : known(partnerOf(key, attrs));
  return {
    waId: key.id,
    ownPhone: personOf([me.id]).phone ?? '',
    chat: (partner && toRecipient(partner)) ?? chat,
    ...(partner && { partner }),
    sender: key.fromMe ? personOf([me.id, me.lid]) : known(senderOf(fullMessage, author)),
    at: new Date(Number(attrs['t'] ?? 0) * 1000),
    backlog: attrs['offline'] !== undefined,
    content,
    ...addressOf(key),
    wire: Buffer.from(proto.Message.encode(message).finish()).toString('base64'),
    raw: toRaw({ ...fullMessage, message }),
  };
}

function addressOf({ fromMe, remoteJid, participant }: WAMessage['key']) {
  return {
    fromMe: fromMe ?? false,
    remoteJid: remoteJid ?? '',
    ...(participant && { participant }),
  };
}

/**
 * Who is on the other side of a chat with one person. In a message of our own `remoteJidAlt` is the sender, so the
 * partner is read from the stanza.
 */
function partnerOf(key: WAMessage['key'], attrs: InboxEntry['attrs']): Person {
  const other = key.fromMe
    ? (attrs['peer_recipient_pn'] ?? attrs['recipient_pn'])
    : key.remoteJidAlt;
  return personOf([key.remoteJid, other]);
}

/** A person goes by the number where it is known: a LID says nothing to the account. */
function toRecipient({ phone, lid }: Person): Recipient | undefined {
  if (phone !== undefined) return { kind: 'phone', phone };
  return lid === undefined ? undefined : { kind: 'lid', lid };
}

function withPhone(person: Person, phoneOfLid: PhoneOfLid): Person {
  if (person.phone !== undefined || person.lid === undefined) return person;
  const phone = phoneOfLid(person.lid);
  return phone === undefined ? person : { ...person, phone };
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
