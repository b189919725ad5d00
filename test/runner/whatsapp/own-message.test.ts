import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { toOwnMessage } from '#runner/whatsapp/own-message.ts';
import { toWire } from '#runner/whatsapp/to-wire.ts';
import { aMessage, anInstance } from '../records.ts';

const USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Shop' };

describe('toWire', () => {
  it('makes the same bytes of the same content each time', () => {
    const encode = () => proto.Message.encode(toWire({ kind: 'text', text: 'hello' })).finish();
    expect(encode()).toEqual(encode());
    expect(proto.Message.decode(encode()).extendedTextMessage?.text).toBe('hello');
  });
});

describe('toOwnMessage', () => {
  const instance = anInstance();

  it('shows a message of ours in the form of one that came in', () => {
    const message = aMessage(instance, 1, { sentAt: '2026-11-22T12:00:05.500Z' });
    expect(toOwnMessage(message, USER)).toEqual({
      waId: message.waId,
      ownPhone: '2349040613521',
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2349040613521', name: 'Shop' },
      fromMe: true,
      at: new Date('2026-11-22T12:00:05.500Z'),
      backlog: false,
      content: { kind: 'chat', text: 'text 1', mentioned: [] },
      remoteJid: '2348179803743@s.whatsapp.net',
      wire: Buffer.from(
        proto.Message.encode({ extendedTextMessage: { text: 'text 1' } }).finish(),
      ).toString('base64'),
      raw: {
        key: { remoteJid: '2348179803743@s.whatsapp.net', fromMe: true, id: message.waId },
        messageTimestamp: '1795348805',
        message: { extendedTextMessage: { text: 'text 1' } },
      },
    });
  });

  it('goes by the time of acceptance until it was sent', () => {
    const message = aMessage(instance, 1);
    expect(toOwnMessage(message, USER)?.at).toEqual(new Date(message.queuedAt));
  });

  it('does without the user while none is known', () => {
    expect(toOwnMessage(aMessage(instance, 1), undefined)).toMatchObject({
      ownPhone: '',
      sender: {},
    });
  });

  it('shows nothing for a chat that it cannot read', () => {
    const message = aMessage(instance, 1, { chatId: 'status@broadcast' });
    expect(toOwnMessage(message, USER)).toBeUndefined();
  });
});
