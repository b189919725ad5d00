import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readInbound } from '#runner/whatsapp/read-inbound.ts';
import { readReceived } from '#runner/whatsapp/read-received.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import { anInboxEntry } from './inbox-entry.ts';

const ME = { id: '2349040613521:8@s.whatsapp.net', lid: '77701:8@lid' };
const USER = { ...ME, name: 'Shop' };
const PERSON = '2348179803743@s.whatsapp.net';

const kept = (attrs: Record<string, string>, message?: proto.IMessage) => {
  const inbound = readInbound(anInboxEntry(attrs, message), ME);
  if (!inbound) throw new Error('There is no message.');
  const { waId, fromMe, remoteJid, participant, wire, at, chat } = inbound;
  const address = { remoteJid, ...(participant !== undefined && { participant }) };
  return {
    inbound,
    received: {
      instanceId: '1',
      waId,
      fromMe,
      ...address,
      wire,
      chatId: toChatId(chat),
      at: at.toISOString(),
    },
  };
};

describe('readReceived', () => {
  it.each<[string, Record<string, string>]>([
    ['a person', { from: PERSON }],
    ['a member of a group', { from: '120363041234567890@g.us', participant: PERSON }],
    ['our own phone', { from: '2349040613521@s.whatsapp.net', recipient: PERSON }],
  ])('shows a message of %s as it once came', (_name, attrs) => {
    const { inbound, received } = kept(attrs);
    const { raw: _raw, ...shown } = readReceived(received, USER) ?? { raw: undefined };
    const { raw: _original, ...original } = inbound;
    expect(shown).toEqual(original);
  });

  it('shows nothing of what is no message to a person', () => {
    const { received } = kept({ from: PERSON });
    const wire = Buffer.from(proto.Message.encode({ protocolMessage: {} }).finish());
    expect(readReceived({ ...received, wire: wire.toString('base64') }, USER)).toBeUndefined();
  });
});
