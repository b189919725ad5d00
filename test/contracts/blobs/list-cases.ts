import { expect, it } from 'vitest';
import { aPrefix, bytesOf, type GetBlobs, listAll } from './aids.ts';

/** In the order of their UTF-8 bytes: `-` and `.` come before `/`, digits after it. Some mean something in XML or a URL. */
const KEYS = [
  'a',
  'a b',
  'a&amp;b',
  'a+b',
  'a-b',
  'a.b',
  'a/b',
  'a/b/c',
  'a/c',
  'a0',
  'B',
  'b%2f',
  'b/A',
  'b/a',
  'b_',
  'photo.jpg',
  'é',
  '\u{ff5e}',
  '\u{1f600}',
].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

export function listCases(blobs: GetBlobs): void {
  async function fill(): Promise<string> {
    const prefix = aPrefix();
    for (const key of KEYS.toReversed()) await blobs().put(prefix + key, bytesOf(key));
    return prefix;
  }
  const list = async (prefix: string) => await listAll(blobs(), prefix);

  it('lists all keys in the order of their bytes', async () => {
    const prefix = await fill();
    expect(await list(prefix)).toEqual(KEYS.map((key) => prefix + key));
    expect(await list(prefix.slice(0, -1))).toEqual(KEYS.map((key) => prefix + key));
  });

  it.each([
    'a',
    'a/',
    'a/b',
    'a-',
    'b',
    'b%',
    'photo.',
    'é',
    '\u{1f600}',
    'nothing',
    'a/b/c/d',
    '..',
  ])('lists the keys that begin with %s', async (beginning) => {
    const prefix = await fill();
    const expected = KEYS.filter((key) => key.startsWith(beginning)).map((key) => prefix + key);
    expect(await list(prefix + beginning)).toEqual(expected);
  });

  it.each(['a', 'a/b', 'a/b/c', 'a/zzz', 'a-', 'b%', 'nothing', 'photo.', '\u{1f600}', '~~'])(
    'lists what is behind %s, and not that itself',
    async (after) => {
      const prefix = await fill();
      const isBehind = (key: string) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
      const keys = await listAll(blobs(), prefix, { after: prefix + after });
      expect(keys).toEqual(KEYS.filter(isBehind).map((key) => prefix + key));
    },
  );

  it('lists what has the prefix and is behind a key without it', async () => {
    const prefix = await fill();
    const listed = async (after: string) => await listAll(blobs(), `${prefix}a/`, { after });
    const inFolder = KEYS.filter((key) => key.startsWith('a/')).map((key) => prefix + key);
    expect(await listed(`${prefix}Z`)).toEqual(inFolder);
    expect(await listed(`${prefix}b`)).toEqual([]);
  });

  it('does not list what was deleted', async () => {
    const prefix = await fill();
    for await (const key of blobs().list(prefix)) await blobs().delete(key);
    expect(await list(prefix)).toEqual([]);
  });

  it('lists more keys than one answer of S3 holds', async () => {
    const prefix = aPrefix();
    const keys = Array.from({ length: 1_010 }, (_, n) => `${prefix}${String(n).padStart(5, '0')}`);
    for (let start = 0; start < keys.length; start += 50) {
      const some = keys.slice(start, start + 50);
      await Promise.all(some.map((key) => blobs().put(key, bytesOf('x'))));
    }
    expect(await list(prefix)).toEqual(keys);
    const [last = ''] = keys.slice(3, 4);
    expect(await listAll(blobs(), prefix, { after: last })).toEqual(keys.slice(4));
  });
}
