import {
  decodeMessageNode,
  proto,
  unpadRandomMax16,
  type WAMessage,
} from '@whiskeysockets/baileys';
import type { Recipient } from '#shared/domain/recipient.ts';
import type {
  InboundAct,
  InboundContent,
  InboundMessage,
  Person,
} from '../inbound/inbound-message.ts';
import type { InboxEntry } from './inbox.ts';
import { fromJid } from './jid.ts';
import { isSamePerson, type PhoneOfLid, personOf, withPhone } from './person.ts';
import { type Actor, editedContent, readAct } from './read-act.ts';
import { readContent } from './read-content.ts';
import { toRaw } from './to-raw.ts';

/** Whose device this is: its own addresses. */
export type Me = { readonly id: string; readonly lid?: string | undefined };

const STATUS_JID = 'status@broadcast';
/** The stanza's `edit`, for what an admin deletes. */
const ADMIN_DELETION = '8';
/** What says nothing by itself. */
const SILENT: InboundContent = { kind: 'unknown', text: '', mentioned: [] };

/** `undefined` for what is no message to a person, and for what comes from neither a person nor a group. */
export function readInbound(
  { attrs, plaintext }: InboxEntry,
  me: Me,
  phoneOfLid: PhoneOfLid = () => undefined,
): InboundMessage | undefined {
  const stanza = { tag: 'message', attrs: { ...attrs } };
  const { fullMessage, author } = decodeMessageNode(stanza, me.id, me.lid ?? '');
  const decoded = proto.Message.decode(unpadRandomMax16(plaintext));
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const known = (person: Person) => withPhone(person, phoneOfLid);
  const own = personOf([me.id, me.lid]);
  const place = placeOf(fullMessage, { attrs, author, known });
  if (place === undefined || !fullMessage.key.id) return undefined;
  const by = known(senderOf(fullMessage, author));
  // Of what goes to many, Baileys looks at our number alone (Utils/decode-wa-message.js, decodeMessageNode).
  const fromMe = (fullMessage.key.fromMe ?? false) || isSamePerson(by, own);
  const sender = fromMe ? own : by;
  const act = readAct(message, {
    fromMe,
    sender,
    me: own,
    partner: place.partner,
    isAdminDeletion: place.chat.kind === 'group' && attrs['edit'] === ADMIN_DELETION,
    toPerson: (jid) => known(personOf([jid])),
  } satisfies Actor);
  const content = contentOf(message, act);
  if (content === undefined) return undefined;
  return {
    waId: fullMessage.key.id,
    ownPhone: own.phone ?? '',
    ...place,
    sender,
    at: new Date(Number(attrs['t'] ?? 0) * 1000),
    backlog: attrs['offline'] !== undefined,
    content,
    ...(act && { act }),
    fromMe,
    ...addressOf(fullMessage.key),
    wire: Buffer.from(proto.Message.encode(message).finish()).toString('base64'),
    raw: toRaw({ ...fullMessage, message }),
  };
}

function contentOf(
  message: proto.IMessage,
  act: InboundAct | undefined,
): InboundContent | undefined {
  switch (act?.kind) {
    case undefined:
      return readContent(message);
    case 'edit':
      return readContent(editedContent(message)) ?? SILENT;
    case 'revoke':
      return { ...SILENT, kind: 'revoked' };
    case 'reaction':
    case 'vote':
      return SILENT;
  }
}

type Place = Pick<InboundMessage, 'chat' | 'partner' | 'via'>;
type Sent = {
  readonly attrs: InboxEntry['attrs'];
  readonly author: string;
  readonly known: (person: Person) => Person;
};

/** A status, or what went to a list, belongs into the chat with its sender. */
function placeOf(message: WAMessage, { attrs, author, known }: Sent): Place | undefined {
  const { key } = message;
  if (key.remoteJid?.endsWith('@broadcast')) {
    const partner = known(senderOf(message, author));
    const chat = toRecipient(partner);
    const via = key.remoteJid === STATUS_JID ? 'status' : 'broadcast';
    return chat && { chat, partner, via };
  }
  const chat = fromJid(key.remoteJid);
  if (chat === undefined || chat.kind === 'group') return chat && { chat };
  const partner = known(partnerOf(key, attrs));
  return { chat: toRecipient(partner) ?? chat, partner };
}

function addressOf({ remoteJid, participant }: WAMessage['key']) {
  return {
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

function senderOf({ key, pushName }: WAMessage, author: string): Person {
  const person = personOf([author, key.participantAlt, key.remoteJidAlt]);
  return pushName ? { ...person, name: pushName } : person;
}
