import { describe, expect, it } from 'vitest';

import { mediaOf } from '#simulator/phones/media-view.ts';
import { viewOf } from '#simulator/phones/message-view.ts';
import { Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import type { OptionView } from '#simulator/store/message-view.ts';

/** As it comes off the wire: encoded and decoded once. */
function view(message: Message) {
  return viewOf(Message.decode(Message.encode(message)));
}

describe('what a phone shows of a message', () => {
  it('shows text, and what it quotes', () => {
    expect(view({ conversation: 'hello' })).toEqual({ type: 'text', text: 'hello' });
    const quote = { text: 'yes', contextInfo: { stanzaId: 'ABC' } };
    expect(view({ extendedTextMessage: quote })).toEqual({
      type: 'text',
      text: 'yes',
      quotedId: 'ABC',
    });
  });

  it('looks through wrappers and through the copy for the own devices', () => {
    const inner: Message = { conversation: 'inside' };
    const wrapped: Message[] = [
      { ephemeralMessage: { message: inner } },
      { viewOnceMessageV2: { message: inner } },
      { documentWithCaptionMessage: { message: inner } },
      {
        deviceSentMessage: {
          destinationJid: 'x',
          message: { ephemeralMessage: { message: inner } },
        },
      },
    ];
    for (const message of wrapped) expect(view(message)?.text).toBe('inside');
  });

  it('describes media and can find its file', () => {
    const message: Message = {
      audioMessage: {
        ptt: true,
        mimetype: 'audio/ogg',
        fileLength: 12,
        fileSha256: Buffer.alloc(32, 1),
        mediaKey: Buffer.alloc(32, 2),
        directPath: '/v/x',
      },
    };
    expect(view(message)).toEqual({
      type: 'ptt',
      text: '',
      media: { mimetype: 'audio/ogg', size: 12, sha256: '01'.repeat(32), ptt: true },
    });
    expect(mediaOf(message)).toMatchObject({ kind: 'audio', directPath: '/v/x' });
    expect(mediaOf({ imageMessage: { mimetype: 'image/png' } })).toBeUndefined();
    expect(mediaOf({ conversation: 'x' })).toBeUndefined();
  });

  it('shows edits, revokes and reactions with the id that they mean', () => {
    const key = { id: 'ABC' };
    const edited: Message = {
      protocolMessage: {
        key,
        type: PROTOCOL_TYPE.messageEdit,
        editedMessage: { conversation: 'better' },
      },
    };
    expect(view(edited)).toEqual({ type: 'edit', text: 'better', quotedId: 'ABC' });
    expect(view({ protocolMessage: { key, type: PROTOCOL_TYPE.revoke } })).toEqual({
      type: 'revoke',
      text: '',
      quotedId: 'ABC',
    });
    expect(view({ reactionMessage: { key, text: '+' } })).toMatchObject({ quotedId: 'ABC' });
  });

  it('shows text with its quote, whom it mentions, and that it was forwarded', () => {
    const contextInfo = {
      stanzaId: 'ABC',
      quotedMessage: { imageMessage: { caption: 'a tree' } },
      mentionedJid: ['15550000001@s.whatsapp.net', '123@lid'],
      isForwarded: true,
    };
    expect(view({ extendedTextMessage: { text: 'look', contextInfo } })).toEqual({
      type: 'text',
      text: 'look',
      quotedId: 'ABC',
      quotedText: 'a tree',
      mentions: ['15550000001@c.us', '123@lid'],
      forwarded: true,
    });
  });

  it('shows the measures of media', () => {
    const measures = { width: 640, height: 480, seconds: 7 };
    const video = { ...measures, gifPlayback: true, jpegThumbnail: Buffer.of(1) };
    expect(view({ videoMessage: video })).toMatchObject({
      type: 'video',
      media: { ...measures, gif: true, thumbnail: true },
    });
    expect(view({ ptvMessage: measures })).toMatchObject({ type: 'ptv', media: measures });
    expect(view({ documentMessage: { fileName: 'a.pdf', caption: 'it' } })).toMatchObject({
      caption: 'it',
      media: { fileName: 'a.pdf' },
    });
  });

  it('shows places and people', () => {
    const place = { degreesLatitude: 1.5, degreesLongitude: -2, name: 'Pier', address: 'Quay 1' };
    expect(view({ locationMessage: place })).toEqual({
      type: 'location',
      text: '1.5,-2',
      caption: 'Pier',
      location: { latitude: 1.5, longitude: -2, name: 'Pier', address: 'Quay 1' },
    });
    const anna = { displayName: 'Anna', vcard: 'BEGIN:VCARD' };
    const ben = { displayName: 'Ben', vcard: 'BEGIN:VCARD' };
    expect(view({ contactMessage: anna })).toEqual({
      type: 'contact',
      text: 'Anna',
      contact: anna,
    });
    expect(view({ contactsArrayMessage: { contacts: [anna, ben] } })).toEqual({
      type: 'contacts',
      text: 'Anna, Ben',
      contacts: [anna, ben],
    });
  });

  it('shows polls with their options, and that somebody voted', () => {
    const options = [{ optionName: 'now' }, { optionName: 'later' }];
    const poll = { name: 'When?', options, selectableOptionsCount: 1 };
    expect(view({ pollCreationMessageV3: poll })).toEqual({
      type: 'poll',
      text: 'When?\nnow\nlater',
      poll: { name: 'When?', options: ['now', 'later'], selectable: 1 },
    });
    expect(view({ pollUpdateMessage: { pollCreationMessageKey: { id: 'ABC' } } })).toEqual({
      type: 'poll_vote',
      text: '',
      quotedId: 'ABC',
    });
  });

  it.each<[string, Message, OptionView[]]>([
    [
      'list',
      {
        listMessage: {
          title: 'Menu',
          description: 'choose',
          footerText: 'soon',
          sections: [{ rows: [{ rowId: 'r1', title: 'Tea', description: 'hot' }] }, {}],
        },
      },
      [{ id: 'r1', title: 'Tea', description: 'hot' }],
    ],
    [
      'buttons',
      {
        buttonsMessage: {
          text: 'Menu',
          contentText: 'choose',
          footerText: 'soon',
          buttons: [{ buttonId: 'b1', buttonText: { displayText: 'Yes' } }],
        },
      },
      [{ id: 'b1', title: 'Yes' }],
    ],
    [
      'template',
      {
        templateMessage: {
          hydratedTemplate: {
            hydratedTitleText: 'Menu',
            hydratedContentText: 'choose',
            hydratedFooterText: 'soon',
            hydratedButtons: [
              { quickReplyButton: { id: 't1', displayText: 'Yes' } },
              { urlButton: { displayText: 'Site', url: 'https://example.com' } },
              { callButton: { displayText: 'Call', phoneNumber: '+1' } },
            ],
          },
        },
      },
      [
        { id: 't1', title: 'Yes' },
        { id: '', title: 'Site', url: 'https://example.com' },
        { id: '', title: 'Call', phoneNumber: '+1' },
      ],
    ],
    [
      'interactive',
      {
        interactiveMessage: {
          header: { title: 'Menu' },
          body: { text: 'choose' },
          footer: { text: 'soon' },
          nativeFlowMessage: {
            buttons: [
              { name: 'quick_reply', buttonParamsJson: '{"display_text":"Yes","id":"q1"}' },
              { name: 'cta_copy', buttonParamsJson: '{"display_text":"Copy","copy_code":"X1"}' },
              {
                name: 'single_select',
                buttonParamsJson:
                  '{"title":"Open","sections":[{"rows":[{"id":"s1","title":"A"}]}]}',
              },
              { name: 'quick_reply', buttonParamsJson: '{"display_text"' },
            ],
          },
        },
      },
      [
        { id: 'q1', title: 'Yes' },
        { id: '', title: 'Copy', code: 'X1' },
        { id: 's1', title: 'A' },
      ],
    ],
  ])('shows what a %s lets a person choose', (type, message, options) => {
    expect(view(message)).toEqual({ type, text: 'choose', title: 'Menu', footer: 'soon', options });
  });

  it('shows and finds the picture at the head of a message with buttons', () => {
    const imageMessage = {
      mimetype: 'image/png',
      fileSha256: Buffer.alloc(32, 1),
      mediaKey: Buffer.alloc(32, 2),
      directPath: '/v/x',
    };
    const messages: Message[] = [
      { interactiveMessage: { header: { imageMessage } } },
      { buttonsMessage: { imageMessage } },
      { templateMessage: { hydratedTemplate: { imageMessage } } },
    ];
    for (const message of messages) {
      expect(view(message)?.media).toMatchObject({ mimetype: 'image/png' });
      expect(mediaOf(message)).toMatchObject({ kind: 'image', directPath: '/v/x' });
    }
  });

  it.each<[string, Message, string]>([
    [
      'list_response',
      { listResponseMessage: { singleSelectReply: { selectedRowId: 'row' } } },
      'row',
    ],
    ['buttons_response', { buttonsResponseMessage: { selectedButtonId: 'yes' } }, 'yes'],
    ['template_response', { templateButtonReplyMessage: { selectedId: 'yes' } }, 'yes'],
    [
      'interactive_response',
      { interactiveResponseMessage: { nativeFlowResponseMessage: { paramsJson: '{}' } } },
      '{}',
    ],
  ])('shows the choice of a %s', (type, message, text) => {
    expect(view(message)).toEqual({ type, text });
  });

  it('shows nothing of what devices tell each other, and admits what it does not know', () => {
    const keyShare: Message = {
      protocolMessage: { type: PROTOCOL_TYPE.appStateSyncKeyShare, appStateSyncKeyShare: {} },
    };
    expect(view(keyShare)).toBeUndefined();
    expect(view({ senderKeyDistributionMessage: { groupId: 'g' } })).toBeUndefined();
    expect(view({})).toEqual({ type: 'unknown', text: '' });
  });
});
