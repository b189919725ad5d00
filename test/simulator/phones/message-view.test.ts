import { describe, expect, it } from 'vitest';

import { mediaOf, viewOf } from '#simulator/phones/message-view.ts';
import { Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';

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
      media: { mimetype: 'audio/ogg', size: 12, sha256: '01'.repeat(32) },
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

  it.each<[string, Message, string]>([
    ['location', { locationMessage: { degreesLatitude: 1.5, degreesLongitude: -2 } }, '1.5,-2'],
    ['contact', { contactMessage: { displayName: 'Anna' } }, 'Anna'],
    [
      'poll',
      { pollCreationMessageV3: { name: 'When?', options: [{ optionName: 'now' }] } },
      'When?\nnow',
    ],
    ['list', { listMessage: { description: 'choose' } }, 'choose'],
    ['buttons', { buttonsMessage: { contentText: 'press' } }, 'press'],
    ['interactive', { interactiveMessage: { body: { text: 'tap' } } }, 'tap'],
    [
      'list_response',
      { listResponseMessage: { singleSelectReply: { selectedRowId: 'row' } } },
      'row',
    ],
    ['buttons_response', { buttonsResponseMessage: { selectedButtonId: 'yes' } }, 'yes'],
  ])('shows a %s', (type, message, text) => {
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
