import type { MediaUpload, MessageContent } from '#shared/domain/message-content.ts';
import type { WireMessage } from '#shared/domain/wire-message.ts';
import { AN_UPLOAD, aPicture } from '../../runner/records.ts';

const target = { waId: 'A', chatId: '2348179803743@c.us', fromMe: true };
const secret = Buffer.alloc(32, 7).toString('base64');
const native = { title: 'T', body: 'B', buttons: [{ name: 'quick_reply', params: '{"id":"1"}' }] };

/** Of a file that is no picture. */
const {
  width: _width,
  height: _height,
  jpegThumbnail: _thumbnail,
  ...FILE_UPLOAD
}: MediaUpload = AN_UPLOAD;
const source = { kind: 'url', url: 'https://files.example/1' } as const;

type Sample = {
  readonly content: MessageContent;
  readonly upload?: MediaUpload;
  readonly wire: WireMessage;
};

/** A content of each kind, and the part of it that must be on the wire. */
export const ALL_CONTENTS: readonly Sample[] = [
  { content: { kind: 'text', text: 'hello' }, wire: { extendedTextMessage: { text: 'hello' } } },
  {
    content: { kind: 'text', text: '1. Yes', native },
    wire: { interactiveMessage: { header: { title: 'T' }, body: { text: 'B' } } },
  },
  { content: aPicture(), upload: AN_UPLOAD, wire: { imageMessage: { caption: 'sea' } } },
  {
    content: aPicture({ kind: 'video' }),
    upload: { ...AN_UPLOAD, seconds: 12 },
    wire: { videoMessage: { caption: 'sea', seconds: 12 } },
  },
  {
    content: { kind: 'audio', source, ptt: true },
    upload: { ...FILE_UPLOAD, seconds: 3 },
    wire: { audioMessage: { ptt: true, seconds: 3 } },
  },
  {
    content: { kind: 'document', source, fileName: 'a.pdf', caption: 'read' },
    upload: FILE_UPLOAD,
    wire: { documentMessage: { caption: 'read', fileName: 'a.pdf' } },
  },
  {
    content: { kind: 'sticker', source },
    upload: { ...FILE_UPLOAD, width: 512, height: 512 },
    wire: { stickerMessage: { width: 512 } },
  },
  {
    content: { kind: 'location', latitude: 6.5, longitude: -3.25, name: 'Lagos', address: 'here' },
    wire: { locationMessage: { degreesLatitude: 6.5, degreesLongitude: -3.25, name: 'Lagos' } },
  },
  {
    content: { kind: 'contact', displayName: 'Ada', vcard: 'BEGIN:VCARD' },
    wire: { contactMessage: { displayName: 'Ada', vcard: 'BEGIN:VCARD' } },
  },
  {
    content: { kind: 'poll', name: '?', options: ['a', 'b'], selectable: 1, secret },
    wire: {
      messageContextInfo: { messageSecret: secret },
      pollCreationMessageV3: { name: '?', options: [{ optionName: 'a' }, { optionName: 'b' }] },
    },
  },
  { content: { kind: 'reaction', target, emoji: '👍' }, wire: { reactionMessage: { text: '👍' } } },
  {
    content: { kind: 'edit', target, text: 'better' },
    wire: { protocolMessage: { editedMessage: { extendedTextMessage: { text: 'better' } } } },
  },
  { content: { kind: 'delete', target }, wire: { protocolMessage: { type: 'REVOKE' } } },
  { content: { kind: 'forward', target }, wire: {} },
];
