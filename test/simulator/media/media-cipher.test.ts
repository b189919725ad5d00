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
  type EncryptedFile,
  encryptMedia,
  inspectMedia,
  MediaError,
  type MediaKind,
  randomMediaKey,
} from '#simulator/media/media-cipher.ts';

/** In pieces of odd sizes, as they come off a socket. */
async function* piecesOf(bytes: Buffer, size = 777): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function encrypt(kind: MediaKind, bytes: Buffer, mediaKey: Uint8Array = randomMediaKey()) {
  let file: EncryptedFile | undefined;
  const ciphertext = await buffer(
    encryptMedia(piecesOf(bytes), { kind, mediaKey }, (done) => {
      file = done;
    }),
  );
  if (!file) throw new Error('The file was not described.');
  return { ciphertext, mediaKey, ...file };
}

function decrypt(
  kind: MediaKind,
  ciphertext: Buffer,
  { mediaKey, size }: { mediaKey: Uint8Array; size?: number },
): Promise<Buffer> {
  return buffer(decryptMedia(piecesOf(ciphertext, size), { kind, mediaKey }));
}

const KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;
const plaintext = Buffer.from('a file of some bytes, '.repeat(1000));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a media file', () => {
  it.each([...KINDS, 'history'] as const)('of kind %s is read as it was written', async (kind) => {
    const { ciphertext, mediaKey, ...file } = await encrypt(kind, plaintext);
    expect((await decrypt(kind, ciphertext, { mediaKey })).equals(plaintext)).toBe(true);
    expect(file.fileLength).toBe(plaintext.length);
    expect(file.fileSha256.toString('hex')).toBe(sha256(plaintext));
    expect(file.fileEncSha256.toString('hex')).toBe(sha256(ciphertext));
    expect(await inspectMedia(piecesOf(ciphertext), { kind, mediaKey })).toEqual({
      size: plaintext.length,
      sha256: file.fileSha256,
    });
  });

  it('is encrypted the same under the same key only', async () => {
    const first = await encrypt('image', plaintext);
    expect(await encrypt('image', plaintext, first.mediaKey)).toEqual(first);
    expect((await encrypt('image', plaintext)).ciphertext.equals(first.ciphertext)).toBe(false);
  });

  it('is read in pieces of any size', async () => {
    const few = plaintext.subarray(0, 40);
    const { ciphertext, mediaKey } = await encrypt('image', few);
    for (let size = 1; size <= ciphertext.length; size += 1) {
      expect((await decrypt('image', ciphertext, { mediaKey, size })).equals(few)).toBe(true);
    }
  });

  it('may be empty', async () => {
    const { ciphertext, mediaKey } = await encrypt('document', Buffer.alloc(0));
    expect(await decrypt('document', ciphertext, { mediaKey })).toHaveLength(0);
  });

  it('is refused when it is changed, cut off, or of another kind', async () => {
    const { ciphertext, mediaKey } = await encrypt('image', plaintext);
    const changed = Buffer.from(ciphertext);
    changed.writeUInt8(changed.readUInt8(5) ^ 1, 5);
    const attempts: readonly (readonly [MediaKind, Buffer])[] = [
      ['image', changed],
      ['image', ciphertext.subarray(0, -1)],
      ['image', Buffer.alloc(10)],
      ['image', Buffer.alloc(0)],
      ['video', ciphertext],
    ];
    for (const [kind, bytes] of attempts) {
      const inspected = inspectMedia(piecesOf(bytes), { kind, mediaKey });
      await expect(inspected).rejects.toThrow(MediaError);
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
    const read = await decrypt(kind, ciphertext, { mediaKey: theirs.mediaKey });
    expect(read.equals(plaintext)).toBe(true);
    const ours = await encrypt(kind, plaintext, theirs.mediaKey);
    expect(ours.ciphertext.equals(ciphertext)).toBe(true);
    expect(ours.fileSha256.equals(theirs.fileSha256)).toBe(true);
    expect(ours.fileEncSha256.equals(theirs.fileEncSha256)).toBe(true);
  });

  it.each(KINDS)('of kind %s is read by Baileys when it is ours', async (kind) => {
    const { ciphertext, mediaKey } = await encrypt(kind, plaintext);
    served = ciphertext;
    const read = await buffer(await downloadContentFromMessage({ mediaKey, url }, kind));
    expect(read.equals(plaintext)).toBe(true);
  });
});
