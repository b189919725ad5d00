import { describe, expect, it } from 'vitest';
import { toOpenWaMessage } from '#runner/inbound/open-wa-message.ts';
import { anInboundMessage } from './messages.ts';

describe('toOpenWaMessage', () => {
  it('shows a text of a person', () => {
    expect(toOpenWaMessage(anInboundMessage())).toEqual({
      id: 'false_2348179803743@c.us_3EB0AA',
      mId: '3EB0AA',
      body: 'hello',
      text: 'hello',
      caption: null,
      type: 'chat',
      t: 1_795_348_800,
      timestamp: 1_795_348_800,
      from: '2348179803743@c.us',
      to: '2349040613521@c.us',
      author: '2348179803743@c.us',
      chatId: '2348179803743@c.us',
      self: 'in',
      fromMe: false,
      ack: 2,
      isGroupMsg: false,
      isMedia: false,
      mimetype: null,
      sender: {
        id: '2348179803743@c.us',
        pushname: 'Ada',
        phone: '2348179803743',
        lid: '98765432101',
        jid: '2348179803743@s.whatsapp.net',
      },
      chat: { id: '2348179803743@c.us', phone: null, lid: null, jid: null, isGroup: false },
      quotedMsg: null,
      mentionedJidList: [],
      lat: null,
      lng: null,
      selectedButtonId: null,
      selectedTitle: null,
      media: null,
      mediaError: null,
      cloudUrl: null,
      backlog: false,
      raw: { key: { id: '3EB0AA' } },
    });
  });

  it('turns from and to around for a message of our own, and shows how far it came', () => {
    const own = anInboundMessage({ fromMe: true, sender: { phone: '2349040613521' } });
    expect(toOpenWaMessage(own, { ack: 3 })).toMatchObject({
      id: 'true_2348179803743@c.us_3EB0AA',
      from: '2349040613521@c.us',
      to: '2348179803743@c.us',
      self: 'out',
      ack: 3,
    });
  });

  it('names the author in the id of a message to a group', () => {
    const toGroup = anInboundMessage({ chat: { kind: 'group', group: '1203630' } });
    expect(toOpenWaMessage(toGroup)).toMatchObject({
      id: 'false_1203630@g.us_3EB0AA_2348179803743@c.us',
      chatId: '1203630@g.us',
      author: '2348179803743@c.us',
      isGroupMsg: true,
    });
  });

  it('names a person by LID when the number is not known, and by nothing when neither is', () => {
    const byLid = anInboundMessage({ sender: { lid: '98765432101' } });
    expect(toOpenWaMessage(byLid)).toMatchObject({
      author: '98765432101@lid',
      sender: { phone: null, lid: '98765432101', pushname: null },
    });
    expect(toOpenWaMessage(anInboundMessage({ sender: {} })).author).toBe('');
  });

  it.each(['image', 'video', 'audio', 'ptt', 'document', 'sticker'] as const)(
    'knows %s as media',
    (kind) => {
      const content = { kind, text: 'sea', caption: 'sea', mimetype: 'a/b', mentioned: [] };
      expect(toOpenWaMessage(anInboundMessage({ content }))).toMatchObject({
        type: kind,
        isMedia: true,
        caption: 'sea',
        mimetype: 'a/b',
      });
    },
  );

  it('shows places, quotes and mentions', () => {
    const content = {
      kind: 'location' as const,
      text: 'Lagos',
      latitude: 6.5,
      longitude: 0,
      quoted: { waId: '3EB0BB', body: 'where?' },
      mentioned: ['1@c.us'],
    };
    expect(toOpenWaMessage(anInboundMessage({ content }))).toMatchObject({
      lat: 6.5,
      lng: 0,
      quotedMsg: { id: '3EB0BB', body: 'where?' },
      mentionedJidList: ['1@c.us'],
    });
  });

  it('names the partner by number and by LID, and never by the LID when the number is known', () => {
    const partner = { phone: '2348179803743', lid: '98765432101' };
    expect(toOpenWaMessage(anInboundMessage({ partner })).chat).toEqual({
      id: '2348179803743@c.us',
      phone: '2348179803743',
      lid: '98765432101',
      jid: '2348179803743@s.whatsapp.net',
      isGroup: false,
    });
    const unknown = anInboundMessage({
      chat: { kind: 'lid', lid: '98765432101' },
      partner: { lid: '98765432101' },
      sender: { lid: '98765432101' },
    });
    expect(toOpenWaMessage(unknown)).toMatchObject({
      from: '98765432101@lid',
      chat: { id: '98765432101@lid', phone: null, jid: '98765432101@lid' },
      sender: { id: '98765432101@lid', phone: null, jid: '98765432101@lid' },
    });
  });

  it('shows a file that was kept, and where it can be fetched until when', () => {
    const media = {
      kind: 'stored',
      id: 'f1',
      url: 'https://files.invalid/f1',
      urlExpiresAt: new Date('2026-11-22T13:00:00Z'),
      bytes: 5,
      sha256: 'ab',
      mimetype: 'image/png',
    } as const;
    expect(toOpenWaMessage(anInboundMessage(), { media })).toMatchObject({
      media: {
        id: 'f1',
        url: 'https://files.invalid/f1',
        url_expires_at: '2026-11-22T13:00:00.000Z',
        mimetype: 'image/png',
        size: 5,
        sha256: 'ab',
      },
      mediaError: null,
      cloudUrl: 'https://files.invalid/f1',
    });
  });

  it('says why there is no file, and what was chosen', () => {
    const media = { kind: 'failed', code: 'media_gone', message: 'Gone.' } as const;
    const choice = { id: 'tea-1', title: 'Tea' };
    expect(toOpenWaMessage(anInboundMessage(), { media, choice })).toMatchObject({
      media: null,
      mediaError: { code: 'media_gone', message: 'Gone.' },
      cloudUrl: null,
      selectedButtonId: 'tea-1',
      selectedTitle: 'Tea',
    });
  });
});
