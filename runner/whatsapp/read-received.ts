import { proto } from '@whiskeysockets/baileys';
import { phoneOf } from '#shared/domain/instance.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import type { InboundMessage, Person } from '../inbound/inbound-message.ts';
import type { ReadReceived } from '../session/whatsapp.ts';
import { personOf } from './person.ts';
import { readContent } from './read-content.ts';
import { toRaw } from './to-raw.ts';

/** A message that is kept, in the form in which it once reached us, as far as it is known still. */
export const readReceived: ReadReceived = (kept, user) => {
  const chat = parseRecipient(kept.chatId);
  const message = proto.Message.decode(Buffer.from(kept.wire, 'base64'));
  const content = readContent(message);
  if (chat === undefined || content === undefined) return undefined;
  const { waId: id, fromMe, remoteJid, participant, wire } = kept;
  const at = new Date(kept.at);
  const key = { id, fromMe, remoteJid, ...(participant !== undefined && { participant }) };
  const partner = chat.kind === 'group' ? undefined : personOf([kept.chatId, remoteJid]);
  const author = participant === undefined ? partner : personOf([participant]);
  const own: Person = personOf([user?.id, user?.lid]);
  return {
    waId: id,
    ownPhone: phoneOf(user) ?? '',
    chat,
    ...(partner && { partner }),
    sender: fromMe ? own : (author ?? {}),
    fromMe,
    at,
    backlog: false,
    content,
    remoteJid,
    ...(participant !== undefined && { participant }),
    wire,
    raw: toRaw({ key, message, messageTimestamp: Math.floor(at.getTime() / 1000) }),
  } satisfies InboundMessage;
};
