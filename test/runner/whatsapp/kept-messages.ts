import { proto } from '@whiskeysockets/baileys';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import type { KeptMessage } from '#runner/whatsapp/compose-message.ts';
import type { MessageContent, MessageTarget } from '#shared/domain/message-content.ts';

export const AT = new Date('2026-11-22T12:00:00.500Z');
export const OWN_JID = '2349040613521@s.whatsapp.net';
export const PERSON_JID = '2348179803743@s.whatsapp.net';
export const GROUP_JID = '120363041234567890@g.us';

/** A message on its way to a person. */
export function outgoing(
  content: MessageContent,
  changes: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  const to = { kind: 'phone', phone: '2348179803743' } as const;
  return { waId: '3EB0AAAAAAAAAAAAAAAAAA', to, content, at: AT, ...changes };
}

export function ours(content: MessageContent, changes: Partial<OutgoingMessage> = {}): KeptMessage {
  return { kind: 'own', message: outgoing(content, { waId: 'OURS', ...changes }) };
}

/** A message that reached us. */
export function theirs(
  message: proto.IMessage,
  changes: { fromMe?: boolean; remoteJid?: string; participant?: string } = {},
): KeptMessage {
  return {
    kind: 'received',
    message: {
      instanceId: '1'.repeat(24),
      waId: 'THEIRS',
      chatId: '2348179803743@c.us',
      fromMe: false,
      remoteJid: PERSON_JID,
      at: AT.toISOString(),
      wire: Buffer.from(proto.Message.encode(message).finish()).toString('base64'),
      ...changes,
    },
  };
}

export const toOurs: MessageTarget = { waId: 'OURS', chatId: '2348179803743@c.us', fromMe: true };
export const toTheirs: MessageTarget = { ...toOurs, waId: 'THEIRS', fromMe: false };
