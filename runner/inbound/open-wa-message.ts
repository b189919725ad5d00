import type { Choice } from '#shared/domain/message-content.ts';
import { type Recipient, toChatId } from '#shared/domain/recipient.ts';
import type { EventMedia } from './event-media.ts';
import type { InboundContent, InboundMessage, InboundTarget, Person } from './inbound-message.ts';

/** Where open-wa has all statuses. */
const STATUS_ID = 'status@broadcast';

type Ack = -1 | 0 | 1 | 2 | 3 | 4;

/** A person or group as an event names it; `lid` and `phone` wherever they are known. */
type Contact = {
  readonly id: string;
  readonly pushname: string | null;
  readonly phone: string | null;
  readonly lid: string | null;
  /** WhatsApp's address. */
  readonly jid: string | null;
};

/** The file of a message, fetched and kept for a while. `url` may be called by anybody until it expires. */
type Media = {
  readonly id: string;
  readonly url: string;
  readonly url_expires_at: string;
  readonly mimetype: string;
  readonly size: number;
  readonly sha256: string;
};

/** open-wa's Message (v4.76), the shape of `data` in message events, with the raw WhatsApp message beside it. */
export type OpenWaMessage = {
  readonly id: string;
  readonly mId: string;
  readonly body: string;
  readonly text: string;
  readonly caption: string | null;
  readonly type: string;
  /** Seconds since 1970; `timestamp` is the same. */
  readonly t: number;
  readonly timestamp: number;
  readonly from: string;
  readonly to: string;
  readonly author: string;
  readonly chatId: string;
  readonly self: 'in' | 'out';
  readonly fromMe: boolean;
  readonly ack: Ack;
  readonly isGroupMsg: boolean;
  readonly isMedia: boolean;
  readonly mimetype: string | null;
  readonly sender: Contact;
  readonly chat: Omit<Contact, 'pushname'> & { readonly isGroup: boolean };
  readonly quotedMsg: { readonly id: string; readonly body: string } | null;
  readonly mentionedJidList: readonly string[];
  readonly lat: number | null;
  readonly lng: number | null;
  /** The id of the button or row that it chooses, and what that says. */
  readonly selectedButtonId: string | null;
  readonly selectedTitle: string | null;
  readonly media: Media | null;
  /** Why there is no file. */
  readonly mediaError: { readonly code: string; readonly message: string } | null;
  /** open-wa's name of the file's URL. */
  readonly cloudUrl: string | null;
  /** It was sent while the number was not connected. */
  readonly backlog: boolean;
  readonly raw: unknown;
};

const MEDIA_KINDS: ReadonlySet<string> = new Set([
  'image',
  'video',
  'audio',
  'ptt',
  'document',
  'sticker',
]);

export type MessageDetails = {
  /** A message that came in has reached this device, hence 2 unless told otherwise. */
  readonly ack?: Ack;
  readonly choice?: Choice | undefined;
  readonly media?: EventMedia | undefined;
};

export function toOpenWaMessage(
  message: InboundMessage,
  { ack = 2, choice, media }: MessageDetails = {},
): OpenWaMessage {
  const { fromMe, sender, waId } = message;
  const ownId = toChatId({ kind: 'phone', phone: message.ownPhone });
  const chatId = shownChatId(message);
  const author = shownId(sender);
  const others = message.via === 'status' ? author : chatId;
  const isGroupMsg = message.chat.kind === 'group';
  const t = Math.floor(message.at.getTime() / 1000);
  return {
    id: toSerialized(message, { waId, fromMe, author: sender }),
    mId: waId,
    ...toContentFields(message.content),
    t,
    timestamp: t,
    from: fromMe ? ownId : others,
    to: fromMe ? chatId : ownId,
    author,
    chatId,
    self: fromMe ? 'out' : 'in',
    fromMe,
    ack,
    isGroupMsg,
    sender: toSender(sender),
    chat: isGroupMsg
      ? { id: chatId, phone: null, lid: null, jid: chatId, isGroup: true }
      : { ...toContact(message.partner ?? {}), id: chatId, isGroup: false },
    selectedButtonId: choice?.id ?? null,
    selectedTitle: choice?.title ?? null,
    ...toMediaFields(media),
    backlog: message.backlog,
    raw: message.raw,
  };
}

/** open-wa's id of a message of that chat. */
export function toSerialized(
  message: InboundMessage,
  { waId, fromMe, author }: InboundTarget,
): string {
  const id = `${fromMe}_${shownChatId(message)}_${waId}`;
  const isOfMany = message.chat.kind === 'group' || message.via === 'status';
  return isOfMany ? `${id}_${shownId(author)}` : id;
}

function shownChatId({ chat, via }: InboundMessage): string {
  return via === 'status' ? STATUS_ID : toChatId(chat);
}

function toContentFields({ kind, text, caption, mimetype, ...content }: InboundContent) {
  const { quoted, mentioned, latitude, longitude } = content;
  return {
    body: text,
    text,
    caption: caption ?? null,
    type: kind,
    isMedia: MEDIA_KINDS.has(kind),
    mimetype: mimetype ?? null,
    quotedMsg: quoted ? { id: quoted.waId, body: quoted.body } : null,
    mentionedJidList: mentioned,
    lat: latitude ?? null,
    lng: longitude ?? null,
  };
}

/** Who does something, with the name that the person goes by. */
export function toSender(person: Person): Contact {
  return { ...toContact(person), pushname: person.name ?? null };
}

function toContact(person: Person): Omit<Contact, 'pushname'> {
  const { phone, lid } = person;
  const lidJid = lid === undefined ? null : `${lid}@lid`;
  return {
    id: shownId(person),
    phone: phone ?? null,
    lid: lid ?? null,
    jid: phone === undefined ? lidJid : `${phone}@s.whatsapp.net`,
  };
}

function toMediaFields(
  media: EventMedia | undefined,
): Pick<OpenWaMessage, 'media' | 'mediaError' | 'cloudUrl'> {
  switch (media?.kind) {
    case undefined:
      return { media: null, mediaError: null, cloudUrl: null };
    case 'failed':
      return {
        media: null,
        mediaError: { code: media.code, message: media.message },
        cloudUrl: null,
      };
    case 'stored': {
      const { id, url, urlExpiresAt, mimetype, bytes, sha256 } = media;
      const url_expires_at = urlExpiresAt.toISOString();
      return {
        media: { id, url, url_expires_at, mimetype, size: bytes, sha256 },
        mediaError: null,
        cloudUrl: url,
      };
    }
  }
}

function shownId({ phone, lid }: Person): string {
  const recipient: Recipient | undefined =
    phone !== undefined
      ? { kind: 'phone', phone }
      : lid !== undefined
        ? { kind: 'lid', lid }
        : undefined;
  return recipient ? toChatId(recipient) : '';
}
