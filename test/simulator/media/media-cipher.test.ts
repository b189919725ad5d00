import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { downloadContentFromMessage, encryptedStream } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  decryptMedia,
  encryptMedia,
  MediaError,
  type MediaKind,
} from '#simulator/media/media-cipher.ts';

const KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;
const plaintext = Buffer.from('a file of some bytes, '.repeat(1000));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a media file', () => {
  it.each([...KINDS, 'history'] as const)('of kind %s is read as it was written', (kind) => {
    const { ciphertext, mediaKey, fileSha256, fileEncSha256 } = encryptMedia(kind, plaintext);
    expect(decryptMedia(kind, ciphertext, mediaKey).equals(plaintext)).toBe(true);
    expect(fileSha256.toString('hex')).toBe(sha256(plaintext));
    expect(fileEncSha256.toString('hex')).toBe(sha256(ciphertext));
  });

  it('is encrypted the same under the same key only', () => {
    const first = encryptMedia('image', plaintext);
    expect(encryptMedia('image', plaintext, first.mediaKey)).toEqual(first);
    expect(encryptMedia('image', plaintext).ciphertext.equals(first.ciphertext)).toBe(false);
  });

  it('may be empty', () => {
    const { ciphertext, mediaKey } = encryptMedia('document', Buffer.alloc(0));
    expect(decryptMedia('document', ciphertext, mediaKey)).toHaveLength(0);
  });

  it('is refused when it is changed, cut off, or of another kind', () => {
    const { ciphertext, mediaKey } = encryptMedia('image', plaintext);
    const changed = Buffer.from(ciphertext);
    changed.writeUInt8(changed.readUInt8(5) ^ 1, 5);
    const attempts: readonly (readonly [MediaKind, Buffer])[] = [
      ['image', changed],
      ['image', ciphertext.subarray(0, -1)],
      ['image', Buffer.alloc(10)],
      ['video', ciphertext],
    ];
    for (const [kind, bytes] of attempts) {
      expect(() => decryptMedia(kind, bytes, mediaKey)).toThrow(MediaError);
    }
  });
});

describe('a media file of Baileys', () => {
  let folder = '';
  let server: Server;
  let served: Buffer = Buffer.alloc(0);
  let url = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-cipher-'));
    server = createServer((_request, response) => response.end(served));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('The server has no port.');
    url = `http://127.0.0.1:${address.port}/file`;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  it.each(KINDS)('of kind %s is read by us', async (kind) => {
    const path = join(folder, 'plain');
    await writeFile(path, plaintext);
    const theirs = await encryptedStream({ url: path }, kind);
    const ciphertext = await readFile(theirs.encFilePath);
    await rm(theirs.encFilePath);
    expect(decryptMedia(kind, ciphertext, theirs.mediaKey).equals(plaintext)).toBe(true);
    const ours = encryptMedia(kind, plaintext, theirs.mediaKey);
    expect(ours.ciphertext.equals(ciphertext)).toBe(true);
    expect(ours.fileSha256.equals(theirs.fileSha256)).toBe(true);
    expect(ours.fileEncSha256.equals(theirs.fileEncSha256)).toBe(true);
  });

  it.each(KINDS)('of kind %s is read by Baileys when it is ours', async (kind) => {
    const { ciphertext, mediaKey } = encryptMedia(kind, plaintext);
    served = ciphertext;
    const read = await buffer(await downloadContentFromMessage({ mediaKey, url }, kind));
    expect(read.equals(plaintext)).toBe(true);
  });
});
