import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decryptMedia,
  deriveMediaKeys,
  digestMedia,
  encryptMedia,
} from '#runner/media/media-cipher.ts';
import { MediaKind } from '#shared/domain/message-content.ts';
import { encryptAsPhone } from './phone-cipher.ts';
import { inPieces } from './pieces.ts';

const kinds = fc.constantFrom(...MediaKind.options);
/** Around the blocks of AES and the length of the MAC, and beyond a piece. */
const file = fc.oneof(
  fc.uint8Array({ maxLength: 70 }),
  fc.integer({ min: 0, max: 40_000 }).map((bytes) => Buffer.alloc(bytes, 7)),
);
const cuts = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 8 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

describe("the media cipher, beside the simulator's", () => {
  it('encrypts to the same bytes, however the file comes in', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, file, cuts, key, async (kind, plain, sizes, mediaKey) => {
        const theirs = await encryptAsPhone(kind, plain, mediaKey);
        const keys = deriveMediaKeys(kind, mediaKey);
        const ours = await buffer(encryptMedia(inPieces(plain, sizes), keys));
        expect(ours.equals(theirs.ciphertext)).toBe(true);
        expect(await digestMedia(inPieces(plain, sizes), keys)).toEqual({
          fileSha256: theirs.fileSha256,
          fileEncSha256: theirs.fileEncSha256,
          bytes: plain.length,
          encryptedBytes: theirs.ciphertext.length,
        });
      }),
    );
  });

  it('opens what the other sealed, however it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, file, cuts, key, async (kind, plain, sizes, mediaKey) => {
        const { ciphertext, ...seal } = await encryptAsPhone(kind, plain, mediaKey);
        const opened = await buffer(decryptMedia(inPieces(ciphertext, sizes), { kind, ...seal }));
        expect(opened.equals(plain)).toBe(true);
      }),
    );
  });

  it('opens no file of which a byte was changed, lost or added', async () => {
    const change = fc.constantFrom('flip', 'cut', 'add', 'end');
    await fc.assert(
      fc.asyncProperty(file, cuts, change, fc.nat(), async (plain, sizes, how, at) => {
        const { ciphertext, ...seal } = await encryptAsPhone('video', plain);
        const damaged = damage(ciphertext, how, at % ciphertext.length);
        const opening = buffer(decryptMedia(inPieces(damaged, sizes), { kind: 'video', ...seal }));
        await expect(opening).rejects.toMatchObject({ code: 'media_damaged' });
      }),
    );
  });

  it.each([
    ['another key', { mediaKey: randomBytes(32) }],
    ['the keys of another kind', { kind: 'audio' }],
    ['another hash of the file', { fileSha256: randomBytes(32) }],
    ['another hash of the ciphertext', { fileEncSha256: randomBytes(32) }],
    ['a hash of no length', { fileSha256: Buffer.alloc(0) }],
  ] as const)('opens nothing with %s', async (_what, other) => {
    const { ciphertext, ...seal } = await encryptAsPhone('image', randomBytes(1_000));
    const wrong = { kind: 'image', ...seal, ...other } as const;
    const opening = buffer(decryptMedia(inPieces(ciphertext, [100]), wrong));
    await expect(opening).rejects.toMatchObject({ code: 'media_damaged' });
  });

  it('opens nothing with a wrong MAC, even where all hashes are right', async () => {
    const { ciphertext, ...seal } = await encryptAsPhone('image', randomBytes(1_000));
    const forged = Buffer.concat([ciphertext.subarray(0, -10), Buffer.alloc(10)]);
    const said = { kind: 'image', ...seal, fileEncSha256: sha256(forged) } as const;
    await expect(buffer(decryptMedia(inPieces(forged, [100]), said))).rejects.toMatchObject({
      code: 'media_damaged',
    });
  });

  it('refuses a file without a block whose MAC is right', async () => {
    const mediaKey = randomBytes(32);
    const whole = await encryptAsPhone('image', Buffer.alloc(0), mediaKey);
    const short = whole.ciphertext.subarray(0, 8);
    const seal = {
      kind: 'image',
      mediaKey,
      fileSha256: sha256(Buffer.alloc(0)),
      fileEncSha256: sha256(short),
    } as const;
    await expect(buffer(decryptMedia(inPieces(short, [3]), seal))).rejects.toMatchObject({
      code: 'media_damaged',
    });
  });
});

function damage(bytes: Buffer, how: 'flip' | 'cut' | 'add' | 'end', at: number): Buffer {
  const changed = Buffer.from(bytes);
  switch (how) {
    case 'flip':
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      return changed;
    case 'cut':
      return changed.subarray(0, at);
    case 'add':
      return Buffer.concat([changed.subarray(0, at), Buffer.from([1]), changed.subarray(at)]);
    case 'end':
      return Buffer.concat([changed, changed.subarray(0, 16)]);
  }
}
