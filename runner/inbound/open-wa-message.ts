import { type Recipient, toChatId } from '#shared/domain/recipient.ts';
import type { InboundMessage, Person } from './inbound-message.ts';

export type Ack = -1 | 0 | 1 | 2 | 3 | 4;

/** A person or group as an event names it; `lid` and `phone` wherever they are known. */
type Contact = {
  readonly id: string;
  readonly pushname: string | null;
  readonly phone: string | null;
  readonly lid: string | null;
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
  readonly chat: { readonly id: string; readonly isGroup: boolean };
  readonly quotedMsg: { readonly id: string; readonly body: string } | null;
  readonly mentionedJidList: readonly string[];
  readonly lat: number | null;
  readonly lng: number | null;
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

/** A message that came in has reached this device, hence `ack` 2 unless told otherwise. */
export function toOpenWaMessage(message: InboundMessage, ack: Ack = 2): OpenWaMessage {
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
    sender: {
      id: author,
      pushname: sender.name ?? null,
      phone: sender.phone ?? null,
      lid: sender.lid ?? null,
    },
    chat: { id: chatId, isGroup: isGroupMsg },
    quotedMsg: content.quoted ? { id: content.quoted.waId, body: content.quoted.body } : null,
    mentionedJidList: content.mentioned,
    lat: content.latitude ?? null,
    lng: content.longitude ?? null,
    backlog: message.backlog,
    raw: message.raw,
  };
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
