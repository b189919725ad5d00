import { proto } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContent } from '#runner/whatsapp/read-content.ts';

const PLAIN = { text: '', mentioned: [] };

describe('readContent', () => {
  it.each<[string, proto.IMessage, object]>([
    ['a short text', { conversation: 'hello' }, { kind: 'chat', text: 'hello' }],
    ['a text', { extendedTextMessage: { text: 'hello' } }, { kind: 'chat', text: 'hello' }],
    ['an empty text', { extendedTextMessage: {} }, { kind: 'chat' }],
    [
      'an image with a caption',
      { imageMessage: { mimetype: 'image/jpeg', caption: 'the sea' } },
      { kind: 'image', text: 'the sea', caption: 'the sea', mimetype: 'image/jpeg' },
    ],
    [
      'an image without one',
      { imageMessage: { mimetype: 'image/png' } },
      { kind: 'image', mimetype: 'image/png' },
    ],
    [
      'a video',
      { videoMessage: { mimetype: 'video/mp4' } },
      { kind: 'video', mimetype: 'video/mp4' },
    ],
    [
      'a round video',
      { ptvMessage: { mimetype: 'video/mp4' } },
      { kind: 'video', mimetype: 'video/mp4' },
    ],
    [
      'an audio file',
      { audioMessage: { mimetype: 'audio/mp4' } },
      { kind: 'audio', mimetype: 'audio/mp4' },
    ],
    [
      'a voice note',
      { audioMessage: { mimetype: 'audio/ogg', ptt: true } },
      { kind: 'ptt', mimetype: 'audio/ogg' },
    ],
    [
      'a document',
      { documentMessage: { mimetype: 'application/pdf', caption: 'bill' } },
      { kind: 'document', text: 'bill', caption: 'bill', mimetype: 'application/pdf' },
    ],
    [
      'a sticker',
      { stickerMessage: { mimetype: 'image/webp' } },
      { kind: 'sticker', mimetype: 'image/webp' },
    ],
    [
      'media of no declared type',
      { imageMessage: {} },
      { kind: 'image', mimetype: 'application/octet-stream' },
    ],
    [
      'a place',
      { locationMessage: { degreesLatitude: 6.5, degreesLongitude: -3.25, name: 'Lagos' } },
      { kind: 'location', text: 'Lagos', latitude: 6.5, longitude: -3.25 },
    ],
    [
      'a live place',
      { liveLocationMessage: { degreesLatitude: 6.5, degreesLongitude: 3 } },
      { kind: 'location', latitude: 6.5, longitude: 3 },
    ],
    [
      'a person',
      { contactMessage: { vcard: 'BEGIN:VCARD' } },
      { kind: 'vcard', text: 'BEGIN:VCARD' },
    ],
    [
      'several persons',
      { contactsArrayMessage: { displayName: '2 contacts' } },
      { kind: 'multi_vcard', text: '2 contacts' },
    ],
    [
      'a choice of a list',
      { listResponseMessage: { title: 'Pizza' } },
      { kind: 'list_response', text: 'Pizza' },
    ],
    [
      'a pressed button',
      { buttonsResponseMessage: { selectedDisplayText: 'Yes' } },
      { kind: 'buttons_response', text: 'Yes' },
    ],
    [
      "a template's pressed button",
      { templateButtonReplyMessage: { selectedDisplayText: 'Yes' } },
      { kind: 'buttons_response', text: 'Yes' },
    ],
    [
      "a flow's answer",
      { interactiveResponseMessage: { body: { text: 'Done' } } },
      { kind: 'buttons_response', text: 'Done' },
    ],
    [
      'a poll',
      { pollCreationMessage: { name: 'Lunch?' } },
      { kind: 'poll_creation', text: 'Lunch?' },
    ],
    [
      'a poll beside key distribution',
      { senderKeyDistributionMessage: {}, pollCreationMessageV3: {} },
      { kind: 'poll_creation' },
    ],
    [
      'an order',
      {
        orderMessage: {
          orderId: '42',
          orderTitle: 'Shop',
          itemCount: 2,
          message: 'soon, please',
          totalAmount1000: 12_500,
          totalCurrencyCode: 'EUR',
          token: 'secret',
        },
      },
      {
        kind: 'order',
        text: 'soon, please',
        order: { id: '42', title: 'Shop', itemCount: 2, total1000: 12_500, currency: 'EUR' },
      },
    ],
    ['an invitation', { groupInviteMessage: { groupName: 'Plans' } }, { kind: 'unknown' }],
  ])('reads %s', (_name, message, content) => {
    expect(readContent(message)).toEqual({ ...PLAIN, ...content });
  });

  it.each<[string, (message: proto.IMessage) => proto.IMessage]>([
    ['a disappearing', (message) => ({ ephemeralMessage: { message } })],
    ['a view-once', (message) => ({ viewOnceMessage: { message } })],
    ['a newer view-once', (message) => ({ viewOnceMessageV2: { message } })],
    ['a captioned-document', (message) => ({ documentWithCaptionMessage: { message } })],
    [
      'a disappearing view-once',
      (message) => ({ ephemeralMessage: { message: { viewOnceMessageV2: { message } } } }),
    ],
  ])('looks into %s wrapping', (_name, wrap) => {
    const message = { imageMessage: { mimetype: 'image/jpeg', caption: 'once' } };
    expect(readContent(wrap(message))).toEqual(readContent(message));
  });

  it('tells what a message quotes, and whom it mentions', () => {
    const message = {
      extendedTextMessage: {
        text: 'yes, @2348179803743',
        contextInfo: {
          stanzaId: '3EB0AA',
          quotedMessage: { conversation: 'are you there?' },
          mentionedJid: ['2348179803743@s.whatsapp.net', '55501@lid', 'status@broadcast'],
        },
      },
    };
    expect(readContent(message)).toEqual({
      kind: 'chat',
      text: 'yes, @2348179803743',
      quoted: { waId: '3EB0AA', body: 'are you there?' },
      mentioned: ['2348179803743@c.us', '55501@lid', 'status@broadcast'],
    });
  });

  it('quotes media by its caption, and what it cannot read by nothing', () => {
    const quoting = (quotedMessage?: proto.IMessage) =>
      readContent({
        imageMessage: {
          contextInfo: { stanzaId: '3EB0AA', ...(quotedMessage && { quotedMessage }) },
        },
      })?.quoted?.body;
    expect(quoting({ videoMessage: { caption: 'the sea' } })).toBe('the sea');
    expect(quoting({ reactionMessage: {} })).toBe('');
    expect(quoting()).toBe('');
  });

  it.each<[string, proto.IMessage | null | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty message', {}],
    ['a note of the protocol', { protocolMessage: { type: 0 } }],
    ['key distribution', { senderKeyDistributionMessage: { groupId: '1@g.us' } }],
    ['a reaction', { reactionMessage: { text: '👍' } }],
    ["a poll's vote", { pollUpdateMessage: {} }],
    ['a pinned message', { pinInChatMessage: {} }],
    [
      'notes side by side',
      { senderKeyDistributionMessage: {}, messageContextInfo: {}, protocolMessage: {} },
    ],
    ['a wrapping of nothing', { ephemeralMessage: {} }],
  ])('finds no message in %s', (_name, message) => {
    expect(readContent(message)).toBeUndefined();
  });

  it('reads every text the same before and after the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const wire = proto.Message.encode({ extendedTextMessage: { text } }).finish();
        expect(readContent(proto.Message.decode(wire))).toEqual({ ...PLAIN, kind: 'chat', text });
      }),
    );
  });
});
