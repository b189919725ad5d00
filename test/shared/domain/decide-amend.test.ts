import { describe, expect, it } from 'vitest';
import { decideDeletion, decideEdit } from '#shared/domain/decide-amend.ts';
import type { Message, MessageState } from '#shared/domain/message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';

const QUEUED_AT = '2026-11-22T11:00:00.000Z';
const SENT_AT = '2026-11-22T12:00:00.000Z';
const EDIT_WITHIN_MS = 15 * 60_000;
const DELETE_WITHIN_MS = 60 * 3_600_000;
const TEXT: MessageContent = { kind: 'text', text: 'hello' };
const PLACE: MessageContent = { kind: 'location', latitude: 6.5, longitude: 3.4 };

const later = (ms: number) => new Date(Date.parse(SENT_AT) + ms);

function own(state: MessageState, content = TEXT) {
  const message: Message = {
    accountId: 'a'.repeat(24),
    instanceId: 'b'.repeat(24),
    shard: 0,
    messageId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    waId: '3EB0000000000000000000',
    chatId: '2348179803743@c.us',
    content,
    state,
    attempts: 1,
    queuedAt: QUEUED_AT,
    sentAt: SENT_AT,
  };
  return { kind: 'own', message } as const;
}

function received(fromMe: boolean, chatId = '2348179803743@c.us') {
  const message: ReceivedMessage = {
    instanceId: 'b'.repeat(24),
    waId: 'A',
    chatId,
    fromMe,
    remoteJid: 'x',
    at: SENT_AT,
    wire: '',
  };
  return { kind: 'received', message } as const;
}

const GROUP = '120363041234567890@g.us';
const LEFT = ['SENT', 'DELIVERED', 'READ', 'PLAYED'] as const;

describe.each([
  ['decideEdit', decideEdit, EDIT_WITHIN_MS],
  ['decideDeletion', decideDeletion, DELETE_WITHIN_MS],
] as const)('%s', (_name, decide, withinMs) => {
  it.each(LEFT)(
    'accepts one that is %s for as long as WhatsApp does, from when it was sent',
    (state) => {
      expect(decide(own(state), later(withinMs))).toEqual({ kind: 'accept' });
      expect(decide(own(state), later(withinMs + 1))).toMatchObject({
        kind: 'refuse',
        reason: expect.stringMatching(/too old/),
      });
    },
  );

  it.each(['QUEUED', 'SENDING'] as const)('accepts one that is %s, however old', (state) => {
    expect(decide(own(state), later(1_000 * withinMs))).toEqual({ kind: 'accept' });
  });

  it.each(['FAILED', 'EXPIRED', 'CANCELED'] as const)('refuses one that is %s', (state) => {
    expect(decide(own(state), later(0))).toMatchObject({
      kind: 'refuse',
      reason: expect.stringMatching(/never sent/),
    });
  });

  it('accepts what the phone of the account has sent, as long', () => {
    expect(decide(received(true), later(withinMs))).toEqual({ kind: 'accept' });
    expect(decide(received(true), later(withinMs + 1))).toMatchObject({ kind: 'refuse' });
  });
});

it('takes a message that has left with no time of its own as sent when it was accepted', () => {
  const { message } = own('SENT');
  const { sentAt: _none, ...rest } = message;
  const target = { kind: 'own', message: rest } as const;
  const at = new Date(Date.parse(QUEUED_AT) + EDIT_WITHIN_MS);
  expect(decideEdit(target, at)).toEqual({ kind: 'accept' });
  expect(decideEdit(target, later(0))).toMatchObject({ kind: 'refuse' });
});

it('edits texts alone, and none of others', () => {
  expect(decideEdit(own('SENT', PLACE), later(0))).toMatchObject({ kind: 'refuse' });
  for (const chatId of ['2348179803743@c.us', GROUP]) {
    expect(decideEdit(received(false, chatId), later(0))).toMatchObject({ kind: 'refuse' });
  }
});

it('deletes whatever kind of message, and those of others in groups', () => {
  expect(decideDeletion(own('SENT', PLACE), later(0))).toEqual({ kind: 'accept' });
  expect(decideDeletion(received(false, GROUP), later(0))).toEqual({ kind: 'accept' });
  expect(decideDeletion(received(false), later(0))).toMatchObject({ kind: 'refuse' });
});
