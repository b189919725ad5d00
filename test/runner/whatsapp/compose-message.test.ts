import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import { composeMessage, type KeptMessage } from '#runner/whatsapp/compose-message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import type { Recipient } from '#shared/domain/recipient.ts';
import { AN_UPLOAD, aPicture } from '../records.ts';
import {
  AT,
  GROUP_JID,
  OWN_JID,
  ours,
  outgoing,
  PERSON_JID,
  theirs,
  toOurs,
  toTheirs,
} from './kept-messages.ts';

const aText = (text: string): MessageContent => ({ kind: 'text', text });

const compose = (message: OutgoingMessage, ...kept: KeptMessage[]) =>
  composeMessage(message, {
    ownJid: OWN_JID,
    findMessage: async ({ waId }) => kept.find(({ message: { waId: id } }) => id === waId),
  });

const encoded = (wire: proto.IMessage) => Buffer.from(proto.Message.encode(wire).finish());
/** As whoever gets it reads it. */
const read = (wire: proto.IMessage) => proto.Message.decode(encoded(wire));

describe('composeMessage, of an answer', () => {
  it('names the message, its author and what it said', async () => {
    const answer = outgoing({ kind: 'text', text: 'yes', quoted: toTheirs });
    const { wire } = await compose(answer, theirs({ conversation: 'tea?' }));
    expect(read(wire).extendedTextMessage).toMatchObject({
      text: 'yes',
      contextInfo: {
        stanzaId: 'THEIRS',
        participant: PERSON_JID,
        quotedMessage: { conversation: 'tea?' },
      },
    });
  });

  it('names the author of a message in a group, and us for a message of ours', async () => {
    const participant = '98765432101@lid';
    const inGroup = theirs({ conversation: 'tea?' }, { remoteJid: GROUP_JID, participant });
    const toThem = outgoing({ kind: 'text', text: 'yes', quoted: toTheirs });
    const toUs = outgoing({ ...aPicture(), quoted: toOurs }, { upload: AN_UPLOAD });
    const { wire: first } = await compose(toThem, inGroup);
    const { wire: second } = await compose(toUs, ours(aText('mine')));
    expect(read(first).extendedTextMessage?.contextInfo?.participant).toBe(participant);
    expect(read(second).imageMessage?.contextInfo).toMatchObject({
      stanzaId: 'OURS',
      participant: OWN_JID,
      quotedMessage: { extendedTextMessage: { text: 'mine' } },
    });
  });

  it('says of which group the message is that is answered in another chat', async () => {
    const inGroup = { ...toTheirs, chatId: GROUP_JID };
    const kept = theirs({ conversation: 'tea?' }, { remoteJid: GROUP_JID });
    const contextOf = async (to: Recipient) => {
      const answer = outgoing({ kind: 'text', text: 'yes', quoted: inGroup }, { to });
      return read((await compose(answer, kept)).wire).extendedTextMessage?.contextInfo;
    };

    const privately = await contextOf({ kind: 'phone', phone: '2348179803743' });
    expect(privately?.remoteJid).toBe(GROUP_JID);
    const there = await contextOf({ kind: 'group', group: GROUP_JID.replace('@g.us', '') });
    expect(there?.remoteJid).toBeFalsy();
  });

  it('leaves out what the quoted message quotes, and what it holds beside what it says', async () => {
    const quoting = theirs({
      messageContextInfo: { messageSecret: Buffer.alloc(32, 1) },
      extendedTextMessage: {
        text: 'no, coffee',
        contextInfo: { stanzaId: 'OLD', quotedMessage: { conversation: 'tea?' } },
      },
    });
    const { wire } = await compose(outgoing({ ...aPicture(), quoted: toTheirs }), quoting);
    const quoted = read(wire).imageMessage?.contextInfo?.quotedMessage;
    expect(quoted?.extendedTextMessage?.text).toBe('no, coffee');
    expect(quoted?.extendedTextMessage?.contextInfo).toBeFalsy();
    expect(quoted?.messageContextInfo).toBeFalsy();
  });

  it('goes out without what it answers when that is kept no more', async () => {
    const answer = outgoing({ kind: 'text', text: 'yes', quoted: toTheirs });
    const toForwarded = outgoing({ kind: 'text', text: 'yes', quoted: toOurs });
    const { wire } = await compose(answer);
    const { wire: other } = await compose(toForwarded, ours({ kind: 'forward', target: toTheirs }));
    expect(read(other).extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: 'OURS',
      quotedMessage: { conversation: '' },
    });
    expect(read(wire).extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: 'THEIRS',
      quotedMessage: { conversation: '' },
    });
  });

  it('names those who are mentioned by WhatsApp’s addresses', async () => {
    const mentions = ['2348179803744@c.us', '98765432101@lid'];
    const { wire } = await compose(outgoing({ kind: 'text', text: '@all', mentions }));
    expect(read(wire).extendedTextMessage?.contextInfo?.mentionedJid).toEqual([
      '2348179803744@s.whatsapp.net',
      '98765432101@lid',
    ]);
  });
});

describe('composeMessage, of what is done to another message', () => {
  it('reacts to it by its own key', async () => {
    const participant = '98765432101@lid';
    const inGroup = theirs({ conversation: 'x' }, { remoteJid: GROUP_JID, participant });
    const reaction = outgoing({ kind: 'reaction', target: toTheirs, emoji: '👍' });
    const { wire, attributes } = await compose(reaction, inGroup);
    const read_ = read(wire).reactionMessage;
    expect(read_).toMatchObject({
      key: { remoteJid: GROUP_JID, fromMe: false, id: 'THEIRS', participant },
      text: '👍',
    });
    expect(Number(read_?.senderTimestampMs)).toBe(AT.getTime());
    expect(attributes).toEqual({});
  });

  it('takes a reaction back with an empty one', async () => {
    const reaction = outgoing({ kind: 'reaction', target: toOurs, emoji: '' });
    const { wire } = await compose(reaction, ours(aText('x')));
    expect(read(wire).reactionMessage).toMatchObject({
      key: { remoteJid: PERSON_JID, fromMe: true, id: 'OURS' },
      text: '',
    });
  });

  it('edits it, and tells the server so', async () => {
    const edit = outgoing({ kind: 'edit', target: toOurs, text: 'better' });
    const { wire, attributes } = await compose(edit, ours(aText('good')));
    const { protocolMessage } = read(wire);
    expect(protocolMessage).toMatchObject({
      key: { remoteJid: PERSON_JID, fromMe: true, id: 'OURS' },
      type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
      editedMessage: { extendedTextMessage: { text: 'better' } },
    });
    expect(Number(protocolMessage?.timestampMs)).toBe(AT.getTime());
    expect(attributes).toEqual({ edit: '1' });
  });

  it.each([
    ['ours', toOurs, ours(aText('x')), '7'],
    ['somebody else’s, as an admin', toTheirs, theirs({ conversation: 'x' }), '8'],
  ] as const)(
    'deletes one that is %s, and tells the server so',
    async (_name, target, kept, code) => {
      const { wire, attributes } = await compose(outgoing({ kind: 'delete', target }), kept);
      expect(read(wire).protocolMessage).toMatchObject({
        key: { remoteJid: PERSON_JID, fromMe: target.fromMe, id: target.waId },
        type: proto.Message.ProtocolMessage.Type.REVOKE,
      });
      expect(attributes).toEqual({ edit: code });
    },
  );

  it('forwards what somebody else has sent, marked as forwarded, without what it answered', async () => {
    const kept = theirs({
      extendedTextMessage: { text: 'news', contextInfo: { stanzaId: 'OLD' } },
    });
    const { wire } = await compose(outgoing({ kind: 'forward', target: toTheirs }), kept);
    const { text, contextInfo } = read(wire).extendedTextMessage ?? {};
    expect(text).toBe('news');
    expect(contextInfo).toMatchObject({ isForwarded: true, forwardingScore: 1 });
    expect(contextInfo?.stanzaId).toBeFalsy();
  });

  it('forwards a file of ours by where WhatsApp has it', async () => {
    const kept = ours(aPicture(), { upload: AN_UPLOAD });
    const { wire } = await compose(outgoing({ kind: 'forward', target: toOurs }), kept);
    expect(read(wire).imageMessage).toMatchObject({
      directPath: AN_UPLOAD.directPath,
      caption: 'sea',
    });
  });

  it('forwards and quotes one of ours that was itself forwarded', async () => {
    const forwarded = ours({ kind: 'forward', target: toTheirs });
    const original = theirs({ conversation: 'news' });
    const again = outgoing({ kind: 'forward', target: toOurs });
    const answer = outgoing({ kind: 'text', text: 'see', quoted: toOurs });
    const { wire: first } = await compose(again, forwarded, original);
    const { wire: second } = await compose(answer, forwarded, original);
    expect(read(first).extendedTextMessage?.text).toBe('news');
    expect(
      read(second).extendedTextMessage?.contextInfo?.quotedMessage?.extendedTextMessage?.text,
    ).toBe('news');
  });

  it.each([
    { kind: 'reaction', target: toTheirs, emoji: '👍' },
    { kind: 'edit', target: toOurs, text: 'better' },
    { kind: 'delete', target: toOurs },
    { kind: 'forward', target: toTheirs },
  ] as const)('refuses for good when the message is kept no more: $kind', async (content) => {
    await expect(compose(outgoing(content))).rejects.toMatchObject({
      name: 'SendRefused',
      code: 'target_gone',
    });
  });
});

describe('composeMessage, of what needs more than a message', () => {
  it('says of a poll that it is one', async () => {
    const secret = Buffer.alloc(32, 9).toString('base64');
    const options = ['a', 'b'];
    const poll = outgoing({ kind: 'poll', name: '?', options, selectable: 1, secret });
    const { wire, nodes } = await compose(poll);
    expect(nodes).toEqual([{ tag: 'meta', attrs: { polltype: 'creation' } }]);
    expect(read(wire).messageContextInfo?.messageSecret).toEqual(Buffer.alloc(32, 9));
  });

  it('has the whole of WhatsApp’s nodes for buttons, and none without them', async () => {
    const native = { body: 'Tea?', buttons: [{ name: 'quick_reply', params: '{"id":"1"}' }] };
    const { wire, nodes } = await compose(outgoing({ kind: 'text', text: '1. Tea', native }));
    expect(read(wire).interactiveMessage?.body?.text).toBe('Tea?');
    expect(nodes).toMatchObject([
      {
        tag: 'biz',
        attrs: { privacy_mode_ts: '1795348800' },
        content: [
          { tag: 'interactive', content: [{ tag: 'native_flow' }] },
          { tag: 'quality_control' },
        ],
      },
    ]);
    expect((await compose(outgoing(aText('1. Tea')))).nodes).toEqual([]);
  });

  it.each<[string, MessageContent]>([
    ['an answer', { kind: 'text', text: 'a', quoted: toTheirs, mentions: ['2348179803744@c.us'] }],
    ['a picture', aPicture({ quoted: toTheirs })],
    ['a place', { kind: 'location', latitude: 6.5, longitude: 3.4, quoted: toTheirs }],
    ['a reaction', { kind: 'reaction', target: toTheirs, emoji: '👍' }],
    ['an edit', { kind: 'edit', target: toOurs, text: 'b' }],
    ['a deletion', { kind: 'delete', target: toTheirs }],
    ['a forward', { kind: 'forward', target: toTheirs }],
    [
      'a poll',
      {
        kind: 'poll',
        name: '?',
        options: ['a', 'b'],
        selectable: 0,
        secret: 'AAAA',
        quoted: toOurs,
      },
    ],
  ])('is the same to the byte at every attempt: %s', async (_name, content) => {
    const kept = [theirs({ conversation: 'x' }), ours(aText('y'))];
    const message = outgoing(content, { upload: AN_UPLOAD });
    const [first, second] = [await compose(message, ...kept), await compose(message, ...kept)];
    expect(encoded(first.wire).length).toBeGreaterThan(0);
    expect(encoded(first.wire)).toEqual(encoded(second.wire));
    expect([first.attributes, first.nodes]).toEqual([second.attributes, second.nodes]);
  });
});
