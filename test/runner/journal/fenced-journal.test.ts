import { describe, expect, it } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { encodeChanges } from '#runner/journal/changes.ts';
import { JournalCorrupt } from '#runner/journal/journal-corrupt.ts';
import { JournalKeys } from '#runner/journal/journal-keys.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { blobsWith } from '#simulation/storage/blobs-with.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalDeps, journalOf, NEXT_RUNNER } from './journal-for-test.ts';

const KEYS = new JournalKeys('one');

async function openJournal() {
  const { storage, clock } = await openForTest();
  const blobs = storage.authBlobs;
  const journal = journalOf(blobs, { now: clock.now });
  await journal.open();
  return { blobs, clock, journal };
}

const storeOf = (blobs: Blobs) => new JournalStore('one', journalDeps(blobs));

/** What each record is, by its header. */
async function typesOf(blobs: Blobs): Promise<string[]> {
  const store = storeOf(blobs);
  const { records } = await store.list();
  const all = records.map(async (seq) => {
    const bytes = (await store.readBytes('j', seq)) ?? new Uint8Array();
    const { type, epoch } = store.parse('j', seq, bytes).header;
    return `${type} ${epoch}`;
  });
  return await Promise.all(all);
}

describe('FencedJournal', () => {
  it('begins with a fence, and shows nothing of what it holds', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ creds: { creds: 'a secret of the device' } });
    expect(await typesOf(blobs)).toEqual(['FENCE 1', 'DATA 1']);
    for await (const key of blobs.list('')) {
      expect(Buffer.from((await blobs.get(key)) ?? []).includes('secret')).toBe(false);
    }
  });

  it('keeps instances apart', async () => {
    const { blobs, journal } = await openJournal();
    const two = journalOf(blobs, { instanceId: 'two' });
    await two.open();
    await journal.append({ creds: { creds: 'one' } });
    await two.append({ creds: { creds: 'two' } });
    await journal.erase();
    expect(await journalOf(blobs).open()).toEqual({});
    const again = journalOf(blobs, { instanceId: 'two', opener: NEXT_RUNNER });
    expect(await again.open()).toEqual({ creds: { creds: 'two' } });
  });

  it('refuses a writer as soon as a newer one has opened it', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { 1: 1 } });
    expect(await journalOf(blobs, { opener: NEXT_RUNNER }).open()).toEqual({ a: { 1: 1 } });
    await expect(journal.append({ a: { 2: 2 } })).rejects.toThrow(LogOvertaken);
    await expect(journal.erase()).rejects.toThrow(LogOvertaken);
    await expect(journal.close(() => encodeChanges({}))).rejects.toThrow(LogOvertaken);
    expect(await typesOf(blobs)).toEqual(['FENCE 1', 'DATA 1', 'FENCE 2']);
  });

  it('is not opened by who comes too late', async () => {
    const { blobs } = await openJournal();
    await journalOf(blobs, { opener: NEXT_RUNNER }).open();
    await expect(journalOf(blobs).open()).rejects.toThrow(LogOvertaken);
    const stranger = { ...NEXT_RUNNER, writer: '00000000000000cc' };
    await expect(journalOf(blobs, { opener: stranger }).open()).rejects.toThrow(LogOvertaken);
    expect(await typesOf(blobs)).toEqual(['FENCE 1', 'FENCE 2']);
  });

  it('is opened again by the same runner, whose earlier opening is over then', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { 1: 1 } });
    const again = journalOf(blobs);
    expect(await again.open()).toEqual({ a: { 1: 1 } });
    await expect(journal.append({ a: { 2: 2 } })).rejects.toThrow(LogOvertaken);
    await again.append({ a: { 3: 3 } });
  });

  it('takes in what an older writer adds while it is fenced off', async () => {
    const { blobs, journal } = await openJournal();
    let isFirst = true;
    const racing: Blobs = Object.assign(Object.create(blobs), {
      get: (key: string) => blobs.get(key),
      list: (prefix: string) => blobs.list(prefix),
      delete: (key: string) => blobs.delete(key),
      putIfAbsent: async (key: string, bytes: Uint8Array) => {
        if (isFirst && key.startsWith(KEYS.folder('j'))) {
          isFirst = false;
          await journal.append({ a: { late: true } });
        }
        await blobs.putIfAbsent(key, bytes);
      },
    });
    const next = journalOf(racing, { opener: NEXT_RUNNER });
    expect(await next.open()).toEqual({ a: { late: true } });
    expect(await typesOf(blobs)).toEqual(['FENCE 1', 'DATA 1', 'FENCE 2']);
    await expect(journal.append({})).rejects.toThrow(LogOvertaken);
  });

  it('reads on where its snapshot ends, also in a store that lists from the beginning', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { n: 1 } });
    await journal.compact(encodeChanges({ a: { n: 1 } }));
    await journal.append({ a: { m: 2 } });
    await blobs.delete(KEYS.numbered('j', 1));
    const whole = blobsWith(blobs, { list: (prefix) => blobs.list(prefix) });
    const next = journalOf(whole, { opener: NEXT_RUNNER });
    expect(await next.open()).toEqual({ a: { n: 1, m: 2 } });
  });

  it('ends with a mark, and with a snapshot when there is much to read', async () => {
    const { blobs, journal } = await openJournal();
    await journal.close(() => encodeChanges({}));
    expect(await typesOf(blobs)).toEqual(['FENCE 1', 'CLOSE 1']);
    const again = journalOf(blobs);
    await again.open();
    for (let n = 0; n < 32; n += 1) await again.append({ a: { n } });
    await again.close(() => encodeChanges({ a: { n: 31 } }));
    expect((await storeOf(blobs).list()).snapshots).toEqual([36]);
    expect(await journalOf(blobs, { opener: NEXT_RUNNER }).open()).toEqual({ a: { n: 31 } });
  });

  it('asks for a snapshot after a mebibyte of records', async () => {
    const { journal } = await openJournal();
    const { randomBytes } = journalDeps(Object.create(null));
    expect(journal.isSnapshotDue).toBe(false);
    await journal.append({ a: { b: Buffer.from(randomBytes(1_024 * 1_024)) } });
    expect(journal.isSnapshotDue).toBe(true);
  });

  it('keeps a snapshot when it was opened often: each opening has a key of its own', async () => {
    const { blobs } = await openJournal();
    for (let n = 0; n < 9; n += 1) await journalOf(blobs).open();
    expect((await storeOf(blobs).list()).snapshots).toHaveLength(1);
  });

  it('leaves nothing when it is erased', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { 1: 1 } });
    await journal.compact(encodeChanges({ a: { 1: 1 } }));
    await journal.erase();
    expect(await Array.fromAsync(blobs.list(''))).toEqual([]);
  });
});

describe('FencedJournal, damaged', () => {
  /** FENCE, two records, a snapshot of them, and two more. */
  async function damaged(damage: (blobs: Blobs) => Promise<void>) {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { 1: 1 } });
    await journal.append({ a: { 2: 2 } });
    await journal.compact(encodeChanges({ a: { 1: 1, 2: 2 } }));
    await journal.append({ a: { 4: 4 } });
    await journal.append({ a: { 5: 5 } });
    await damage(blobs);
    const before = await typesOf(blobs).catch(() => []);
    const opening = journalOf(blobs, { opener: NEXT_RUNNER }).open();
    await expect(opening).rejects.toThrow(JournalCorrupt);
    expect(await typesOf(blobs).catch(() => [])).toEqual(before);
    return await opening.catch((cause: unknown) => cause);
  }
  const flip = async (blobs: Blobs, key: string, at: number) => {
    const bytes = Uint8Array.from((await blobs.get(key)) ?? []);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    await blobs.put(key, bytes);
  };
  const copy = async (blobs: Blobs, from: string, to: string) =>
    await blobs.put(to, (await blobs.get(from)) ?? new Uint8Array());
  const record = (seq: number) => KEYS.numbered('j', seq);
  const SNAPSHOT = KEYS.numbered('snap', 3);

  it.each<[string, (blobs: Blobs) => Promise<void>, Record<string, unknown>]>([
    ['a byte of a record', (b) => flip(b, record(4), -1), { seq: 4, reason: 'not_authentic' }],
    ['the name of the format', (b) => flip(b, record(5), 0), { seq: 5, reason: 'unreadable' }],
    ['a byte of a header', (b) => flip(b, record(4), 20), { seq: 4 }],
    ['a hash of the chain', (b) => flip(b, record(4), 30), { seq: 4, reason: 'chain_broken' }],
    ['a record that is gone', (b) => b.delete(record(4)), { seq: 4, reason: 'missing' }],
    ['another record', (b) => copy(b, record(4), record(5)), { seq: 5, reason: 'misplaced' }],
    ['an empty record', (b) => b.put(record(5), new Uint8Array()), { reason: 'unreadable' }],
    ['the snapshot', (b) => flip(b, SNAPSHOT, -1), { blob: 'snapshot', reason: 'not_authentic' }],
    [
      'a record of another instance',
      async (b) => {
        await journalOf(b, { instanceId: 'two' }).open();
        await copy(b, new JournalKeys('two').numbered('j', 1), record(4));
      },
      { seq: 4, reason: 'misplaced' },
    ],
    [
      'the keys that are gone',
      async (b) => {
        for await (const key of b.list(KEYS.folder('key'))) await b.delete(key);
      },
      { reason: 'no_key' },
    ],
    [
      'a key that was changed',
      async (b) => {
        for await (const key of b.list(KEYS.folder('key'))) await flip(b, key, -1);
      },
      { reason: 'no_key' },
    ],
  ])('is not opened, and not written to: %s', async (_what, damage, expected) => {
    expect(await damaged(damage)).toMatchObject({ instanceId: 'one', ...expected });
  });

  it('does not take a passing fault of the key wrap for damage', async () => {
    const { blobs, journal } = await openJournal();
    await journal.append({ a: { 1: 1 } });
    const { keyWrap } = journalDeps(blobs);
    const fault = new Error('KMS is away');
    const away = { generate: keyWrap.generate.bind(keyWrap), unwrap: () => Promise.reject(fault) };
    await expect(journalOf(blobs, { keyWrap: away }).open()).rejects.toBe(fault);
  });
});
