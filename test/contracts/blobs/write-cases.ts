import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AlreadyExists, InvalidKey } from '#shared/storage/blobs.ts';
import { aPrefix, bytesAt, bytesOf, type GetBlobs, listAll, textAt } from './aids.ts';

const BAD_KEYS = [
  '',
  '/',
  '/leading',
  'trailing/',
  'a//b',
  '.',
  '..',
  '../outside',
  'a/../../outside',
  'a/./b',
  'x'.repeat(81),
  'é'.repeat(41),
  Array.from({ length: 7 }, () => 'x'.repeat(79)).join('/'),
  'lone \ud800 surrogate',
];

export function writeCases(blobs: GetBlobs): void {
  it('gives back every byte', async () => {
    const key = `${aPrefix()}all-bytes`;
    const bytes = Uint8Array.from({ length: 1_024 }, (_, index) => index % 256);
    await blobs().put(key, bytes);
    expect(await bytesAt(blobs(), key)).toEqual(bytes);
    await blobs().put(key, new Uint8Array());
    expect(await blobs().get(key)).toHaveLength(0);
  });

  it('holds 8 MiB', async () => {
    const key = `${aPrefix()}big`;
    const bytes = randomBytes(8 * 1_048_576);
    await blobs().put(key, bytes);
    const found = await blobs().get(key);
    expect(found !== undefined && bytes.equals(found)).toBe(true);
  });

  it('finds nothing under a key that was never written', async () => {
    expect(await blobs().get(`${aPrefix()}nothing`)).toBeUndefined();
  });

  it('replaces the whole blob with a put', async () => {
    const key = `${aPrefix()}a`;
    await blobs().put(key, bytesOf('long long long'));
    await blobs().put(key, bytesOf('short'));
    expect(await textAt(blobs(), key)).toBe('short');
  });

  it('shows a reader one whole blob while it is replaced', async () => {
    const key = `${aPrefix()}a`;
    const size = 100_000;
    await blobs().put(key, Buffer.alloc(size, 'a'));
    let writing = true;
    const writes = (async () => {
      for (const letter of 'bcdefghij') await blobs().put(key, Buffer.alloc(size, letter));
      writing = false;
    })();
    while (writing) {
      const bytes = await blobs().get(key);
      expect(bytes).toHaveLength(size);
      expect(new Set(bytes).size).toBe(1);
    }
    await writes;
  });

  it('puts where nothing is, once', async () => {
    const key = `${aPrefix()}a`;
    await blobs().putIfAbsent(key, bytesOf('first'));
    const second = blobs().putIfAbsent(key, bytesOf('second'));
    await expect(second).rejects.toBeInstanceOf(AlreadyExists);
    await expect(second).rejects.toMatchObject({ key });
    expect(await textAt(blobs(), key)).toBe('first');
    await blobs().delete(key);
    await blobs().putIfAbsent(key, bytesOf('third'));
    expect(await textAt(blobs(), key)).toBe('third');
  });

  it('lets one of twenty racing putIfAbsent win', async () => {
    const key = `${aPrefix()}prize`;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, racer) => {
        await blobs().putIfAbsent(key, bytesOf(`racer ${racer}`));
        return `racer ${racer}`;
      }),
    );
    const winners = results.filter((result) => result.status === 'fulfilled');
    const losers = results.filter((result) => result.status === 'rejected');
    expect(winners).toHaveLength(1);
    expect(losers.every(({ reason }) => reason instanceof AlreadyExists)).toBe(true);
    expect(await textAt(blobs(), key)).toBe(winners[0]?.value);
  });

  it('deletes a blob, and does not mind when there is none', async () => {
    const prefix = aPrefix();
    await blobs().put(`${prefix}a/b`, bytesOf('b'));
    await blobs().put(`${prefix}a`, bytesOf('a'));
    await blobs().delete(`${prefix}a/b`);
    await blobs().delete(`${prefix}a/b`);
    expect(await blobs().get(`${prefix}a/b`)).toBeUndefined();
    expect(await textAt(blobs(), `${prefix}a`)).toBe('a');
  });

  it('writes beside blobs that are being deleted', async () => {
    const prefix = aPrefix();
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const key = `${prefix}deep/folder/${index}`;
        for (let round = 0; round < 5; round += 1) {
          await blobs().put(key, bytesOf(`${round}`));
          await blobs().delete(key);
        }
        await blobs().put(key, bytesOf('last'));
      }),
    );
    for (let index = 0; index < 10; index += 1) {
      expect(await textAt(blobs(), `${prefix}deep/folder/${index}`)).toBe('last');
    }
  });

  it('keeps all keys apart, whatever is in them', async () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => text !== '.' && text !== '..' && !text.includes('/'))
      .filter((text) => text.isWellFormed() && Buffer.byteLength(text) <= 80)
      // S3 has no key with control characters that XML cannot carry.
      .filter((text) => !/\p{Cc}/u.test(text));
    const suffixes = fc.uniqueArray(
      fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(suffixes, async (found) => {
        const prefix = aPrefix();
        for (const suffix of found) await blobs().putIfAbsent(prefix + suffix, bytesOf(suffix));
        for (const suffix of found) expect(await textAt(blobs(), prefix + suffix)).toBe(suffix);
        const expected = found
          .map((suffix) => prefix + suffix)
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(await listAll(blobs(), prefix)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it.each(['a', 'A'])('tells capital letters from small ones (%s)', async (own) => {
    const prefix = aPrefix();
    await blobs().put(`${prefix}${own}`, bytesOf('mine'));
    const other = own === 'a' ? 'A' : 'a';
    expect(await blobs().get(`${prefix}${other}`)).toBeUndefined();
  });

  it.each(BAD_KEYS)('refuses the key %j', async (key) => {
    const bytes = bytesOf('x');
    const attempts = [
      () => blobs().put(key, bytes),
      () => blobs().putIfAbsent(key, bytes),
      () => blobs().get(key),
      () => blobs().delete(key),
      () => blobs().presignUpload(key, { expiresInMs: 1_000 }),
      () => blobs().presignDownload(key, { expiresInMs: 1_000 }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(InvalidKey);
  });
}
