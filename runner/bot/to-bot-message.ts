import type { BotMessage } from '#shared/bot/decision.ts';
import type { Recipient } from '#shared/domain/recipient.ts';
import type { InboundMessage, MessageKind } from '../inbound/inbound-message.ts';

/** What somebody says or shows. What is of a kind that nobody knows is nothing to answer. */
const ANSWERABLE: ReadonlySet<MessageKind> = new Set<MessageKind>([
  'chat',
  'image',
  'video',
  'audio',
  'ptt',
  'document',
  'sticker',
  'location',
  'vcard',
  'multi_vcard',
  'buttons_response',
  'list_response',
  'poll_creation',
  'order',
]);

/** A message as the bot looks at it. */
export function toBotMessage(message: InboundMessage): BotMessage {
  const { chat, via, act, fromMe, backlog, content } = message;
  return {
    text: content.text,
    chat: via ?? chatOf(chat),
    fromMe,
    backlog,
    isAnswerable: act === undefined && ANSWERABLE.has(content.kind),
  };
}

function chatOf({ kind }: Recipient): BotMessage['chat'] {
  switch (kind) {
    case 'phone':
    case 'lid':
      return 'private';
    case 'group':
      return 'group';
  }
}
