import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aPrefix, bytesAt, bytesOf, type GetBlobs, listAll, textAt } from './aids.ts';

const MIB = 1_048_576;
/** What S3 takes in one request here, and the length of a part of what is longer. */
const PART_BYTES = 8 * MIB;

class SourceBroke extends Error {}

/** So many bytes in pieces of the length, none of them alike, and the hash of them all when they are read. */
function aSource(bytes: number, pieceBytes: number) {
  const hash = createHash('sha256');
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < bytes; done += pieceBytes) {
      const piece = randomBytes(Math.min(pieceBytes, bytes - done));
      hash.update(piece);
      yield piece;
    }
  }
  return { pieces: pieces(), digest: () => hash.digest('hex') };
}

async function* piecesOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytesOf(text);
}

async function digestOf(pieces: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces ?? []) hash.update(piece);
  return hash.digest('hex');
}

export function streamCases(blobs: GetBlobs): void {
  it.each([
    ['one byte', 1, 1],
    ['exactly one part', PART_BYTES, 1_000_003],
    ['a byte more than one part', PART_BYTES + 1, PART_BYTES + 1],
    ['exactly two parts', 2 * PART_BYTES, 3 * MIB],
    ['several parts', 20 * MIB + 17, 65_536],
  ])('writes and reads piece by piece: %s', async (_name, bytes, pieceBytes) => {
    const key = `${aPrefix()}a`;
    const source = aSource(bytes, pieceBytes);
    expect(await blobs().write(key, source.pieces)).toEqual({ bytes });
    expect(await blobs().stat(key)).toEqual({ bytes });
    expect(await digestOf(await blobs().read(key))).toBe(source.digest());
    await blobs().delete(key);
  });

  it('writes and reads what has no bytes', async () => {
    const key = `${aPrefix()}a`;
    expect(await blobs().write(key, piecesOf('', ''))).toEqual({ bytes: 0 });
    expect(await blobs().stat(key)).toEqual({ bytes: 0 });
    expect(await digestOf(await blobs().read(key))).toBe(await digestOf(piecesOf()));
  });

  it('joins the pieces of a source, however they were cut', async () => {
    const key = `${aPrefix()}a`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 }), async (texts) => {
        const expected = bytesOf(texts.join(''));
        const written = await blobs().write(key, piecesOf(...texts));
        expect(written).toEqual({ bytes: expected.byteLength });
        expect(await bytesAt(blobs(), key)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('finds nothing under a key that was never written', async () => {
    const key = `${aPrefix()}nothing`;
    expect(await blobs().stat(key)).toBeUndefined();
    expect(await blobs().read(key)).toBeUndefined();
  });

  it('replaces a blob, and takes nothing of the former', async () => {
    const key = `${aPrefix()}a`;
    await blobs().put(key, bytesOf('long long long'));
    await blobs().write(key, piecesOf('sh', 'ort'));
    expect(await textAt(blobs(), key)).toBe('short');
    expect(await blobs().stat(key)).toEqual({ bytes: 5 });
  });

  it.each([
    ['at once', 0],
    ['within the first part', 1],
    ['after two parts', 2 * PART_BYTES + 1],
  ])('writes nothing when the source breaks %s, and throws what it threw', async (_name, bytes) => {
    const prefix = aPrefix();
    await blobs().put(`${prefix}kept`, bytesOf('kept'));
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield* aSource(bytes, MIB).pieces;
      throw new SourceBroke();
    }
    for (const name of ['kept', 'new']) {
      const writing = blobs().write(prefix + name, breaking());
      await expect(writing).rejects.toBeInstanceOf(SourceBroke);
    }
    expect(await textAt(blobs(), `${prefix}kept`)).toBe('kept');
    expect(await listAll(blobs(), prefix)).toEqual([`${prefix}kept`]);
  });

  it('lets a reader break off, many times over', async () => {
    const key = `${aPrefix()}a`;
    await blobs().write(key, aSource(4 * MIB, MIB).pieces);
    for (let reader = 0; reader < 150; reader += 1) {
      for await (const piece of (await blobs().read(key)) ?? []) {
        expect(piece.byteLength).toBeGreaterThan(0);
        break;
      }
    }
    await blobs().delete(key);
  });

  it('reads the blob that was there, whole, while it is replaced', async () => {
    const key = `${aPrefix()}a`;
    await blobs().put(key, Buffer.alloc(1_000_000, 'a'));
    const reading = await blobs().read(key);
    await blobs().put(key, Buffer.alloc(10, 'b'));
    const letters = new Set<number>();
    let bytes = 0;
    for await (const piece of reading ?? []) {
      bytes += piece.byteLength;
      for (const letter of piece) letters.add(letter);
    }
    expect(bytes).toBe(1_000_000);
    expect([...letters]).toEqual(['a'.charCodeAt(0)]);
  });
}
