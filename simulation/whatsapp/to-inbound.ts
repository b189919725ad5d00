import type { InboundMessage } from '#runner/inbound/inbound-message.ts';
import type { ToOwnMessage } from '#runner/session/whatsapp.ts';
import type { InboxEntry } from '#runner/whatsapp/inbox.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import { phoneOf } from './sim-whatsapp.ts';

/** What a message of the simulated WhatsApp says. */
export function toInbound({ attrs, plaintext }: InboxEntry, instanceId: string): InboundMessage {
  const { id = '', from = '', t = '0' } = attrs;
  const chat = parseRecipient(from);
  if (chat?.kind !== 'phone') throw new Error('Only people write here.');
  return {
    waId: id,
    ownPhone: phoneOf(instanceId),
    chat,
    partner: { phone: chat.phone },
    sender: { phone: chat.phone },
    fromMe: false,
    at: new Date(Number(t) * 1_000),
    backlog: false,
    content: { kind: 'chat', text: Buffer.from(plaintext).toString(), mentioned: [] },
    remoteJid: from,
    wire: '',
    raw: null,
  };
}

/** A message of ours as an event shows it. */
export const toOwnMessage: ToOwnMessage = (message) => {
  const { waId, chatId, content, instanceId, queuedAt } = message;
  const chat = parseRecipient(chatId);
  if (chat === undefined || content.kind !== 'text') return undefined;
  return {
    waId,
    ownPhone: phoneOf(instanceId),
    chat,
    sender: {},
    fromMe: true,
    at: new Date(queuedAt),
    backlog: false,
    content: { kind: 'chat', text: content.text, mentioned: [] },
    remoteJid: chatId,
    wire: '',
    raw: null,
  };
};
