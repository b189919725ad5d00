import { describe, expect, it } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { BlobAuthLog } from '#runner/journal/blob-auth-log.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';

const CRASH = new Error('killed');

/** The blobs of a process that is killed before its `changesMax + 1`th change. */
function killedAfter(changesMax: number, blobs: Blobs): Blobs {
  let changes = 0;
  const count = () => {
    changes += 1;
    if (changes > changesMax) throw CRASH;
  };
  return {
    get: (key) => blobs.get(key),
    stat: (key) => blobs.stat(key),
    read: (key) => blobs.read(key),
    list: (prefix) => blobs.list(prefix),
    put: async (key, bytes) => {
      count();
      await blobs.put(key, bytes);
    },
    write: async (key, source) => {
      count();
      return await blobs.write(key, source);
    },
    putIfAbsent: async (key, bytes) => {
      count();
      await blobs.putIfAbsent(key, bytes);
    },
    delete: async (key) => {
      count();
      await blobs.delete(key);
    },
    presignUpload: (key, options) => blobs.presignUpload(key, options),
    presignDownload: (key, options) => blobs.presignDownload(key, options),
  };
}

describe('BlobAuthLog', () => {
  it('reads its records in order, on top of the newest snapshot', async () => {
    const { storage } = await openForTest();
    const log = new BlobAuthLog(storage.authBlobs, 'one');
    for (let seq = 1; seq <= 12; seq += 1) await log.append(seq, { session: { last: seq } });
    await log.compact(10, { session: { last: 10, old: 'kept' } });
    expect(await log.load()).toEqual({ seq: 12, state: { session: { last: 12, old: 'kept' } } });
  });

  it('keeps instances apart', async () => {
    const { storage } = await openForTest();
    const one = new BlobAuthLog(storage.authBlobs, 'one');
    const two = new BlobAuthLog(storage.authBlobs, 'two');
    await one.append(1, { creds: { creds: 'one' } });
    await two.append(1, { creds: { creds: 'two' } });
    await one.erase();
    expect(await one.load()).toEqual({ seq: 0, state: {} });
    expect(await two.load()).toEqual({ seq: 1, state: { creds: { creds: 'two' } } });
  });

  it('takes each number once', async () => {
    const { storage } = await openForTest();
    const log = new BlobAuthLog(storage.authBlobs, 'one');
    await log.append(1, { a: { b: 1 } });
    await expect(log.append(1, { a: { b: 2 } })).rejects.toThrow(LogOvertaken);
    expect((await log.load()).state).toEqual({ a: { b: 1 } });
  });

  it('loses nothing when it is killed at any point of a compaction', async () => {
    for (let changes = 0; changes <= 5; changes += 1) {
      const { storage } = await openForTest();
      const log = new BlobAuthLog(storage.authBlobs, 'one');
      for (let seq = 1; seq <= 3; seq += 1) await log.append(seq, { a: { [seq]: seq } });
      const killed = new BlobAuthLog(killedAfter(changes, storage.authBlobs), 'one');
      await killed.compact(3, (await log.load()).state).catch(() => undefined);
      await log.append(4, { a: { 1: null } });
      expect(await log.load()).toEqual({ seq: 4, state: { a: { 2: 2, 3: 3 } } });
    }
  });

  it('leaves all or nothing when it is killed at any point of an erasure', async () => {
    const seen = new Set<string>();
    for (let changes = 0; changes <= 7; changes += 1) {
      const { storage } = await openForTest();
      const log = new BlobAuthLog(storage.authBlobs, 'one');
      const written = { creds: { creds: 'linked' }, session: { a: 2, b: 3 } };
      await log.append(1, { creds: { creds: 'linked' }, session: { a: 1 } });
      await log.append(2, { session: { a: 2 } });
      await log.compact(2, { creds: { creds: 'linked' }, session: { a: 2 } });
      await log.append(3, { session: { b: 3 } });
      await log.append(4, { 'pre-key': { 1: null } });
      const killed = new BlobAuthLog(killedAfter(changes, storage.authBlobs), 'one');
      await killed.erase().catch(() => undefined);
      const { state } = await log.load();
      const isWhole = Object.keys(state).length > 0;
      seen.add(isWhole ? 'all' : 'nothing');
      expect(state).toEqual(isWhole ? { ...written, 'pre-key': {} } : {});
      await log.erase();
      expect(await log.load()).toEqual({ seq: 0, state: {} });
    }
    expect([...seen].sort()).toEqual(['all', 'nothing']);
  });
});
