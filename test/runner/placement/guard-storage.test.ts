import { describe, expect, it } from 'vitest';
import { Fence, RunnerFenced } from '#runner/placement/fence.ts';
import { guardStorage } from '#runner/placement/guard-storage.ts';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { ScriptedTime } from './scripted-time.ts';

const KEY = { pk: 'P', sk: 'S' };
const BLOB = 'auth/one';
const BYTES = new Uint8Array([1]);

async function guardedHome() {
  const { storage } = await openForTest();
  const time = new ScriptedTime();
  const fence = new Fence(0, time);
  const guarded = guardStorage(storage, fence);
  const queue = guarded.openQueue(shardQueueSettings(0));
  return { storage, time, guarded, queue, bell: { group: 'g', dedupId: 'd', body: 'bell' } };
}

async function* onePiece(): AsyncGenerator<Uint8Array> {
  yield BYTES;
}

describe('guardStorage', () => {
  it('passes everything on while the fence is open', async () => {
    const { guarded, queue, bell } = await guardedHome();
    await guarded.table.write({ kind: 'put', item: { ...KEY, n: 1 } });
    await guarded.table.update({ kind: 'update', key: KEY, add: { n: 1 } });
    expect(await guarded.table.get(KEY)).toEqual({ ...KEY, n: 2 });
    const page = await guarded.table.query({ index: 'primary', partition: 'P' });
    expect(page.items).toHaveLength(1);
    await guarded.authBlobs.putIfAbsent(BLOB, BYTES);
    await guarded.authBlobs.put(BLOB, BYTES);
    expect(await guarded.authBlobs.get(BLOB)).toEqual(Buffer.from(BYTES));
    expect(await Array.fromAsync(guarded.authBlobs.list('auth/'))).toEqual([BLOB]);
    expect(await guarded.mediaBlobs.write('inbound/one', onePiece())).toEqual({ bytes: 1 });
    expect(await guarded.mediaBlobs.stat('inbound/one')).toEqual({ bytes: 1 });
    const pieces = await Array.fromAsync((await guarded.mediaBlobs.read('inbound/one')) ?? []);
    expect(pieces).toEqual([Buffer.from(BYTES)]);
    await guarded.mediaBlobs.delete('inbound/one');
    await guarded.authBlobs.delete(BLOB);
    await queue.send(bell);
    expect(await queue.receive({ max: 1, waitMs: 0 })).toHaveLength(1);
  });

  it('takes nothing any more once the runner must not act', async () => {
    const { storage, time, guarded, queue, bell } = await guardedHome();
    await queue.send(bell);
    time.freeze(60_000);
    const refused = [
      guarded.table.write({ kind: 'put', item: KEY }),
      guarded.table.update({ kind: 'update', key: KEY, set: { n: 1 } }),
      guarded.authBlobs.put(BLOB, BYTES),
      guarded.authBlobs.putIfAbsent(BLOB, BYTES),
      guarded.authBlobs.delete(BLOB),
      guarded.mediaBlobs.put('inbound/one', BYTES),
      guarded.mediaBlobs.write('inbound/one', onePiece()),
      queue.send({ ...bell, dedupId: 'other' }),
      queue.receive({ max: 1, waitMs: 0 }),
    ];
    for (const outcome of await Promise.allSettled(refused)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RunnerFenced) });
    }
    expect(await storage.table.get(KEY)).toBeUndefined();
    expect(await Array.fromAsync(storage.authBlobs.list(''))).toEqual([]);
    const left = await storage.openQueue(shardQueueSettings(0)).receive({ max: 10, waitMs: 0 });
    expect(left.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['bell', 1]]);
  });

  it.each([
    ['between two pieces', true],
    ['after the last piece', false],
  ])('writes no blob of a runner that is fenced %s', async (_name, isMoreToCome) => {
    const { storage, time, guarded } = await guardedHome();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield BYTES;
      time.freeze(60_000);
      if (isMoreToCome) yield BYTES;
    }
    const writing = guarded.mediaBlobs.write('inbound/one', source());
    await expect(writing).rejects.toThrow(RunnerFenced);
    expect(await storage.mediaBlobs.stat('inbound/one')).toBeUndefined();
  });

  it('hands on no doorbell that came while the fence was closing', async () => {
    const { storage, time, queue, bell } = await guardedHome();
    const receiving = queue.receive({ max: 1, waitMs: 1_000 });
    time.freeze(60_000);
    await storage.openQueue(shardQueueSettings(0)).send(bell);
    await expect(receiving).rejects.toThrow(RunnerFenced);
  });

  it('lets a fenced runner look', async () => {
    const { storage, time, guarded } = await guardedHome();
    await storage.table.write({ kind: 'put', item: KEY });
    time.freeze(60_000);
    expect(await guarded.table.get(KEY)).toEqual(KEY);
  });
});
