import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readInbound } from '#runner/whatsapp/read-inbound.ts';
import { anInboxEntry } from './inbox-entry.ts';

const ME = { id: '2349040613521:8@s.whatsapp.net', lid: '77701:8@lid' };
const PERSON = '2348179803743@s.whatsapp.net';
const PERSON_LID = '98765432101@lid';
const GROUP = '120363041234567890@g.us';

describe('readInbound', () => {
  it('reads a message addressed by number', () => {
    const entry = anInboxEntry({ from: PERSON, notify: 'Ada', sender_lid: PERSON_LID });
    expect(readInbound(entry, ME)).toMatchObject({
      waId: '3EB0AA',
      ownPhone: '2349040613521',
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2348179803743', lid: '98765432101', name: 'Ada' },
      fromMe: false,
      at: new Date('2026-11-22T12:00:00Z'),
      backlog: false,
      content: { kind: 'chat', text: 'hello' },
    });
  });

  it('shows a message addressed by LID under the number, where it is told', () => {
    const entry = anInboxEntry({ from: PERSON_LID, sender_pn: PERSON });
    expect(readInbound(entry, ME)).toMatchObject({
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2348179803743', lid: '98765432101' },
    });
  });

  it('shows a message addressed by LID under the LID when the number is not known', () => {
    const message = readInbound(anInboxEntry({ from: PERSON_LID }), ME);
    expect(message?.chat).toEqual({ kind: 'lid', lid: '98765432101' });
    expect(message?.sender).toEqual({ lid: '98765432101' });
  });

  it('shows a message addressed by LID under a number that was learnt before', () => {
    const learnt = (lid: string) => (lid === '98765432101' ? '2348179803743' : undefined);
    expect(readInbound(anInboxEntry({ from: PERSON_LID }), ME, learnt)).toMatchObject({
      chat: { kind: 'phone', phone: '2348179803743' },
      partner: { phone: '2348179803743', lid: '98765432101' },
      sender: { phone: '2348179803743', lid: '98765432101' },
      remoteJid: PERSON_LID,
    });
    const toGroup = anInboxEntry({ from: GROUP, participant: PERSON_LID });
    const inGroup = readInbound(toGroup, ME, learnt);
    expect(inGroup).toMatchObject({
      chat: { kind: 'group' },
      sender: { phone: '2348179803743' },
      remoteJid: GROUP,
      participant: PERSON_LID,
    });
    expect(inGroup).not.toHaveProperty('partner');
  });

  it('keeps the message as it came, out of the wrapping of another device', () => {
    const entry = anInboxEntry(
      { from: '2349040613521@s.whatsapp.net', recipient: PERSON },
      { deviceSentMessage: { destinationJid: PERSON, message: { conversation: 'from my phone' } } },
    );
    const { wire = '' } = readInbound(entry, ME) ?? {};
    expect(proto.Message.decode(Buffer.from(wire, 'base64')).conversation).toBe('from my phone');
  });

  it.each<[string, proto.IMessage]>([
    ['list', { listResponseMessage: { title: 'Tea', singleSelectReply: { selectedRowId: 't' } } }],
    ['button', { buttonsResponseMessage: { selectedDisplayText: 'Tea', selectedButtonId: 't' } }],
    ['template', { templateButtonReplyMessage: { selectedDisplayText: 'Tea', selectedId: 't' } }],
    [
      'native flow',
      {
        interactiveResponseMessage: {
          body: { text: 'Tea' },
          nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"t"}' },
        },
      },
    ],
  ])('reads which option of a %s was chosen', (_name, message) => {
    const entry = anInboxEntry({ from: PERSON }, message);
    expect(readInbound(entry, ME)?.content).toMatchObject({ text: 'Tea', selectedId: 't' });
  });

  it('drops the device of the sender', () => {
    const entry = anInboxEntry({ from: '2348179803743:3@s.whatsapp.net' });
    expect(readInbound(entry, ME)).toMatchObject({
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2348179803743' },
    });
  });

  it('tells group and author apart', () => {
    const entry = anInboxEntry({
      from: GROUP,
      participant: PERSON_LID,
      participant_pn: PERSON,
      addressing_mode: 'lid',
    });
    expect(readInbound(entry, ME)).toMatchObject({
      chat: { kind: 'group', group: '120363041234567890' },
      sender: { phone: '2348179803743', lid: '98765432101' },
      fromMe: false,
    });
  });

  it("reads the own phone's copy of what it sent, under the chat it was sent to", () => {
    const entry = anInboxEntry(
      { from: '2349040613521@s.whatsapp.net', recipient: PERSON },
      { deviceSentMessage: { destinationJid: PERSON, message: { conversation: 'from my phone' } } },
    );
    expect(readInbound(entry, ME)).toMatchObject({
      chat: { kind: 'phone', phone: '2348179803743' },
      sender: { phone: '2349040613521', lid: '77701' },
      fromMe: true,
      content: { text: 'from my phone' },
    });
  });

  it("knows its own LID in the phone's copy too", () => {
    const entry = anInboxEntry(
      { from: '77701@lid', recipient: PERSON_LID, recipient_pn: PERSON },
      { deviceSentMessage: { destinationJid: PERSON_LID, message: { conversation: 'hi' } } },
    );
    expect(readInbound(entry, ME)).toMatchObject({ fromMe: true, sender: { lid: '77701' } });
  });

  it.each(['peer_recipient_pn', 'recipient_pn'])(
    "shows the phone's copy under the number of the chat, told by %s, not under its own",
    (attribute) => {
      const entry = anInboxEntry(
        {
          from: '77701@lid',
          sender_pn: '2349040613521@s.whatsapp.net',
          recipient: PERSON_LID,
          [attribute]: PERSON,
        },
        { deviceSentMessage: { destinationJid: PERSON_LID, message: { conversation: 'hi' } } },
      );
      expect(readInbound(entry, ME)?.chat).toEqual({ kind: 'phone', phone: '2348179803743' });
    },
  );

  it("knows the own phone's message in a group", () => {
    const entry = anInboxEntry({ from: GROUP, participant: '2349040613521@s.whatsapp.net' });
    expect(readInbound(entry, ME)).toMatchObject({
      chat: { kind: 'group' },
      fromMe: true,
      sender: { phone: '2349040613521' },
    });
  });

  it('marks what was sent while the device was away', () => {
    expect(readInbound(anInboxEntry({ from: PERSON, offline: '0' }), ME)?.backlog).toBe(true);
  });

  it('gives the WhatsApp message as plain JSON', () => {
    const entry = anInboxEntry(
      { from: PERSON, notify: 'Ada' },
      {
        imageMessage: {
          mimetype: 'image/jpeg',
          fileLength: 1_048_576,
          mediaKey: Buffer.from([1, 2, 3]),
        },
      },
    );
    const raw = readInbound(entry, ME)?.raw;
    expect(raw).toEqual(JSON.parse(JSON.stringify(raw)));
    expect(raw).toMatchObject({
      key: { id: '3EB0AA', remoteJid: PERSON, fromMe: false },
      messageTimestamp: '1795348800',
      pushName: 'Ada',
      message: {
        imageMessage: { mimetype: 'image/jpeg', fileLength: '1048576', mediaKey: 'AQID' },
      },
    });
  });

  it.each([
    ['a reaction', anInboxEntry({ from: PERSON }, { reactionMessage: { text: '👍' } })],
    ['a note of the protocol', anInboxEntry({ from: PERSON }, { protocolMessage: { type: 0 } })],
    [
      'a post of a channel',
      anInboxEntry({ from: '120363041234567890@newsletter' }, { conversation: 'hi' }),
    ],
  ])('passes over %s', (_name, entry) => {
    expect(readInbound(entry, ME)).toBeUndefined();
  });

  it('throws for a plaintext that is no message', () => {
    const entry = { ...anInboxEntry({ from: PERSON }), plaintext: Buffer.from([0xff, 0xff, 1]) };
    expect(() => readInbound(entry, ME)).toThrow();
  });
});
