import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeChanges } from '#runner/journal/changes.ts';
import { firstSeqOf, toKeyId } from '#runner/journal/journal-keys.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import { restoreJournal } from '#runner/journal/restore-journal.ts';
import { COVERED_KEPT_MS, outdatedKeys } from '#runner/journal/sweep-journal.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import type { FakeClock } from '../../shared/storage/embedded/fake-clock.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalDeps, journalOf } from './journal-for-test.ts';

const HOUR_MS = 3_600_000;
const storeOf = (blobs: Blobs) => new JournalStore('one', journalDeps(blobs));

async function journalAtWork() {
  const { storage, clock } = await openForTest();
  const journal = journalOf(storage.authBlobs, { now: clock.now });
  await journal.open();
  let n = 0;
  return {
    blobs: storage.authBlobs,
    clock,
    /** Some records, and a snapshot of them. */
    async period(): Promise<void> {
      for (let each = 0; each < 3; each += 1) {
        n += 1;
        await journal.append({ a: { n } });
      }
      await journal.compact(encodeChanges({ a: { n } }));
    },
  };
}

/** By another opening, which writes a record of its own. */
const reopen = async (blobs: Blobs, clock: FakeClock) =>
  await journalOf(blobs, { now: clock.now }).open();

describe('what a snapshot covers', () => {
  it('stays for 48 hours, and goes after that', async () => {
    const { blobs, clock, period } = await journalAtWork();
    await period();
    await period();
    await period();
    const before = await storeOf(blobs).list();
    expect(before).toMatchObject({
      records: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      snapshots: [4, 7, 10],
    });
    clock.move(COVERED_KEPT_MS - 1);
    await reopen(blobs, clock);
    expect((await storeOf(blobs).list()).records).toHaveLength(11);
    clock.move(1);
    expect(await reopen(blobs, clock)).toEqual({ a: { n: 9 } });
    const after = await storeOf(blobs).list();
    expect(after).toMatchObject({ records: [8, 9, 10, 11, 12], snapshots: [7, 10] });
    expect(after.keyIds.map(firstSeqOf)).toEqual([7, 10, 11, 12]);
  });

  it('goes at a compaction too, as far as it is old enough', async () => {
    const { blobs, clock, period } = await journalAtWork();
    await period();
    clock.move(24 * HOUR_MS);
    await period();
    clock.move(24 * HOUR_MS);
    await period();
    expect(await storeOf(blobs).list()).toMatchObject({
      records: [5, 6, 7, 8, 9, 10],
      snapshots: [4, 7, 10],
    });
  });

  it('never goes with the newest two snapshots, however old: the one before the last is whole', async () => {
    const { blobs, clock, period } = await journalAtWork();
    await period();
    await period();
    clock.move(10 * COVERED_KEPT_MS);
    await reopen(blobs, clock);
    expect(await storeOf(blobs).list()).toMatchObject({
      records: [5, 6, 7, 8],
      snapshots: [4, 7],
    });
    const newest = storeOf(blobs).keys.numbered('snap', 7);
    await blobs.put(newest, Buffer.from('spoilt'));
    const restored = await restoreJournal(storeOf(blobs), { now: clock.now });
    expect(restored).toEqual({ kind: 'restored', from: 8, at: 9, lost: 0 });
    expect(await reopen(blobs, clock)).toEqual({ a: { n: 6 } });
  });
});

describe('outdatedKeys', () => {
  it('keeps every key that a number from the lowest on is sealed by', () => {
    const writers = fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(writers, fc.nat({ max: 80 }), (begins, above) => {
        const ids = [0, ...begins].map((seq) => toKeyId(seq, Uint8Array.of(seq, 1)));
        const lowest = above;
        const gone = outdatedKeys(ids, lowest);
        for (let seq = lowest; seq <= 80; seq += 1) {
          const sealing = ids
            .filter((id) => (firstSeqOf(id) ?? 0) <= seq)
            .sort()
            .at(-1);
          expect(gone).not.toContain(sealing);
        }
        const kept = ids.filter((id) => !gone.includes(id));
        expect(kept.filter((id) => (firstSeqOf(id) ?? 0) < lowest).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
