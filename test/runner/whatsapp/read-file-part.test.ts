import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readContent } from '#runner/whatsapp/read-content.ts';

const bytes = (value: number, length = 32) => new Uint8Array(length).fill(value);
const SEALED = {
  url: 'https://127.0.0.1:1/secret',
  directPath: '/v/t62.7118-24/1.enc',
  mediaKey: bytes(1),
  fileSha256: bytes(2),
  fileEncSha256: bytes(3),
  fileLength: 5_000_000_000,
};

/** As it comes off the wire: long numbers are objects, and what is not said is empty. */
const read = (message: proto.IMessage) =>
  readContent(proto.Message.decode(proto.Message.encode(message).finish()));

const reference = (kind: string, mimetype: string) => ({
  kind,
  directPath: SEALED.directPath,
  mediaKey: Buffer.from(SEALED.mediaKey),
  fileSha256: Buffer.from(SEALED.fileSha256),
  fileEncSha256: Buffer.from(SEALED.fileEncSha256),
  fileLength: SEALED.fileLength,
  mimetype,
});

describe('readContent, of a file', () => {
  it.each<[string, proto.IMessage, object]>([
    [
      'an image',
      { imageMessage: { ...SEALED, mimetype: 'image/jpeg', width: 640, height: 480 } },
      {
        kind: 'image',
        mimetype: 'image/jpeg',
        width: 640,
        height: 480,
        media: reference('image', 'image/jpeg'),
      },
    ],
    [
      'a round video',
      { ptvMessage: { ...SEALED, mimetype: 'video/mp4', seconds: 9 } },
      { kind: 'video', mimetype: 'video/mp4', seconds: 9, media: reference('video', 'video/mp4') },
    ],
    [
      'a voice note',
      { audioMessage: { ...SEALED, mimetype: 'audio/ogg', seconds: 3, ptt: true } },
      { kind: 'ptt', mimetype: 'audio/ogg', seconds: 3, media: reference('audio', 'audio/ogg') },
    ],
    [
      'a document with a caption',
      {
        documentWithCaptionMessage: {
          message: { documentMessage: { ...SEALED, fileName: 'a.pdf', caption: 'bill' } },
        },
      },
      {
        kind: 'document',
        text: 'bill',
        caption: 'bill',
        fileName: 'a.pdf',
        mimetype: 'application/octet-stream',
        media: reference('document', 'application/octet-stream'),
      },
    ],
    [
      'a sticker',
      { stickerMessage: { ...SEALED, mimetype: 'image/webp', width: 512, height: 512 } },
      {
        kind: 'sticker',
        mimetype: 'image/webp',
        width: 512,
        height: 512,
        media: reference('sticker', 'image/webp'),
      },
    ],
  ])('reads how %s is fetched, and not from where', (_what, message, content) => {
    const found = read(message);
    expect(found).toEqual({ text: '', mentioned: [], ...content });
    expect(JSON.stringify(found)).not.toContain('127.0.0.1');
  });

  it.each([
    ['a path', { directPath: '' }],
    ['a key', { mediaKey: bytes(0, 0) }],
    ['a whole key', { mediaKey: bytes(1, 31) }],
    ['a hash', { fileSha256: bytes(0, 0) }],
    ['a hash of the ciphertext', { fileEncSha256: bytes(2, 33) }],
  ])('has nothing to fetch of a file without %s', (_what, missing) => {
    const found = read({ imageMessage: { ...SEALED, mimetype: 'image/png', ...missing } });
    expect(found).toEqual({ kind: 'image', text: '', mimetype: 'image/png', mentioned: [] });
  });
});
