import type { Choice } from '#shared/domain/message-content.ts';
import { type Recipient, toChatId } from '#shared/domain/recipient.ts';
import type { EventMedia } from './event-media.ts';
import type { InboundMessage, Person } from './inbound-message.ts';

export type Ack = -1 | 0 | 1 | 2 | 3 | 4;

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
  const { content, fromMe, sender, waId } = message;
  const ownId = toChatId({ kind: 'phone', phone: message.ownPhone });
  const chatId = toChatId(message.chat);
  const author = shownId(sender);
  const isGroupMsg = message.chat.kind === 'group';
  const t = Math.floor(message.at.getTime() / 1000);
  return {
    id: `${fromMe}_${chatId}_${waId}${isGroupMsg ? `_${author}` : ''}`,
    mId: waId,
    body: content.text,
    text: content.text,
    caption: content.caption ?? null,
    type: content.kind,
    t,
    timestamp: t,
    from: fromMe ? ownId : chatId,
    to: fromMe ? chatId : ownId,
    author,
    chatId,
    self: fromMe ? 'out' : 'in',
    fromMe,
    ack,
    isGroupMsg,
    isMedia: MEDIA_KINDS.has(content.kind),
    mimetype: content.mimetype ?? null,
    sender: { ...toContact(sender), pushname: sender.name ?? null },
    chat: isGroupMsg
      ? { id: chatId, phone: null, lid: null, jid: chatId, isGroup: true }
      : { ...toContact(message.partner ?? {}), id: chatId, isGroup: false },
    quotedMsg: content.quoted ? { id: content.quoted.waId, body: content.quoted.body } : null,
    mentionedJidList: content.mentioned,
    lat: content.latitude ?? null,
    lng: content.longitude ?? null,
    selectedButtonId: choice?.id ?? null,
    selectedTitle: choice?.title ?? null,
    media: media?.kind === 'stored' ? toMedia(media) : null,
    mediaError: media?.kind === 'failed' ? { code: media.code, message: media.message } : null,
    cloudUrl: media?.kind === 'stored' ? media.url : null,
    backlog: message.backlog,
    raw: message.raw,
  };
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

function toMedia(media: Extract<EventMedia, { kind: 'stored' }>): Media {
  const { id, url, urlExpiresAt, mimetype, bytes, sha256 } = media;
  return { id, url, url_expires_at: urlExpiresAt.toISOString(), mimetype, size: bytes, sha256 };
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
