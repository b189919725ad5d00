import { expect, it } from 'vitest';
import { toBotMessage } from '#runner/bot/to-bot-message.ts';
import type { InboundMessage } from '#runner/inbound/inbound-message.ts';

const PERSON = { phone: '15550000002' };
const TARGET = { waId: '3EB0', fromMe: true, author: PERSON };

function aMessage(changes: Partial<InboundMessage> = {}): InboundMessage {
  return {
    waId: '3EB00000000000000001',
    ownPhone: '15550000001',
    chat: { kind: 'phone', phone: PERSON.phone },
    partner: PERSON,
    sender: PERSON,
    fromMe: false,
    at: new Date('2026-11-22T12:00:00Z'),
    backlog: false,
    content: { kind: 'chat', text: 'hello', mentioned: [] },
    remoteJid: `${PERSON.phone}@s.whatsapp.net`,
    wire: '',
    raw: {},
    ...changes,
  };
}

it('takes what somebody says for something to answer', () => {
  expect(toBotMessage(aMessage())).toEqual({
    text: 'hello',
    chat: 'private',
    fromMe: false,
    backlog: false,
    isAnswerable: true,
  });
});

it('takes nothing that is done to another message for something to answer', () => {
  const acts = [
    { kind: 'reaction', target: TARGET, emoji: '👍' },
    { kind: 'edit', target: TARGET },
    { kind: 'revoke', target: TARGET },
  ] as const;
  for (const act of acts) expect(toBotMessage(aMessage({ act })).isAnswerable).toBe(false);
});

it('tells a status and a broadcast from a chat', () => {
  expect(toBotMessage(aMessage({ via: 'status' })).chat).toBe('status');
  expect(toBotMessage(aMessage({ via: 'broadcast' })).chat).toBe('broadcast');
});
