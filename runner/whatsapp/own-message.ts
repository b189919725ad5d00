import { proto } from '@whiskeysockets/baileys';
import { type LinkedUser, phoneOf } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';
import type { InboundContent, InboundMessage } from '../inbound/inbound-message.ts';
import { toJid } from './jid.ts';
import { readContent } from './read-content.ts';
import { toWire } from './to-wire.ts';

/** What is about another message: a reaction, an edit. */
const UNSHOWN: InboundContent = { kind: 'unknown', text: '', mentioned: [] };

/** A message that we sent, in the form of one that reached us: events show both alike. */
export function toOwnMessage(
  message: Message,
  user: LinkedUser | undefined,
): InboundMessage | undefined {
  const chat = parseRecipient(message.chatId);
  const wire = toWire(message.content, message.upload);
  const content = readContent(wire) ?? UNSHOWN;
  if (chat === undefined) return undefined;
  const phone = phoneOf(user) ?? '';
  const remoteJid = toJid(chat);
  const at = new Date(message.sentAt ?? message.queuedAt);
  return {
    waId: message.waId,
    ownPhone: phone,
    chat,
    sender: {
      ...(phone && { phone }),
      ...(user?.name && { name: user.name }),
    },
    fromMe: true,
    at,
    backlog: false,
    content,
    remoteJid,
    wire: Buffer.from(proto.Message.encode(wire).finish()).toString('base64'),
    raw: {
      key: { remoteJid, fromMe: true, id: message.waId },
      messageTimestamp: String(Math.floor(at.getTime() / 1000)),
      message: toWireMessage(message.content, message.upload),
    },
  };
}
