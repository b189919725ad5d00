import { describe, expect, it } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { encodeChanges } from '#runner/journal/changes.ts';
import { inspectJournal } from '#runner/journal/inspect-journal.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import { restoreJournal } from '#runner/journal/restore-journal.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { A_RUNNER, journalDeps, journalOf, NEXT_RUNNER } from './journal-for-test.ts';

/** FENCE 1, DATA 2 to 4, a snapshot of 4, DATA 5 to 7. */
async function aJournal() {
  const { storage, clock } = await openForTest();
  const blobs = storage.authBlobs;
  const journal = journalOf(blobs, { now: clock.now });
  await journal.open();
  for (let n = 2; n <= 7; n += 1) {
    await journal.append({ a: { [n]: n } });
    if (n === 4) await journal.compact(encodeChanges({ a: { 2: 2, 3: 3, 4: 4 } }));
  }
  const store = new JournalStore('one', journalDeps(blobs));
  return {
    blobs,
    journal,
    store,
    spoil: async (kind: 'j' | 'snap', seq: number) => {
      const key = store.keys.numbered(kind, seq);
      const bytes = Uint8Array.from((await blobs.get(key)) ?? []);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await blobs.put(key, bytes);
    },
    restore: async (to?: number) => await restoreJournal(store, { to, now: clock.now }),
    open: async () => Object.keys((await journalOf(blobs).open())['a'] ?? {}).join(),
    faults: async () =>
      (await inspectJournal(store)).blobs.flatMap(({ kind, seq, fault }) =>
        fault === undefined ? [] : `${kind} ${seq} ${fault}`,
      ),
  };
}

describe('inspectJournal', () => {
  it('lists what there is, by its headers', async () => {
    const { store, faults } = await aJournal();
    const { blobs, keyIds } = await inspectJournal(store);
    expect(blobs.map(({ seq, header }) => `${seq} ${header?.type} ${header?.epoch}`)).toEqual([
      '1 FENCE 1',
      '2 DATA 1',
      '3 DATA 1',
      '4 DATA 1',
      '4 SNAPSHOT 1',
      '5 DATA 1',
      '6 DATA 1',
      '7 DATA 1',
    ]);
    expect(keyIds).toHaveLength(2);
    expect(await faults()).toEqual([]);
  });

  it('says which do not verify, and what does not follow them', async () => {
    const { blobs, store, spoil, faults } = await aJournal();
    await spoil('j', 3);
    await spoil('snap', 4);
    await blobs.put(store.keys.numbered('j', 6), Buffer.from('WAJ1'));
    expect(await faults()).toEqual([
      'j 3 not_authentic',
      'j 4 chain_broken',
      'snap 4 not_authentic',
      'j 6 unreadable',
    ]);
  });
});

describe('restoreJournal', () => {
  it('goes back to the last record before one that is corrupt', async () => {
    const { spoil, restore, open } = await aJournal();
    await spoil('j', 6);
    expect(await restore()).toEqual({ kind: 'restored', from: 5, at: 8, lost: 2 });
    expect(await open()).toBe('2,3,4,5');
  });

  it('goes back behind a corrupt snapshot, and loses nothing', async () => {
    const { spoil, restore, open } = await aJournal();
    await spoil('snap', 4);
    expect(await restore()).toEqual({ kind: 'restored', from: 7, at: 8, lost: 0 });
    expect(await open()).toBe('2,3,4,5,6,7');
  });

  it('goes back to the record that is named', async () => {
    const { restore, open } = await aJournal();
    expect(await restore(3)).toEqual({ kind: 'restored', from: 3, at: 8, lost: 4 });
    expect(await open()).toBe('2,3');
  });

  it.each([
    { spoilt: 'j', seq: 9, kinds: 'a,creds' },
    { spoilt: 'snap', seq: 4, kinds: 'a,creds,sender-key,session' },
  ] as const)('goes on without ratchets when it lies behind: $spoilt $seq', async (change) => {
    const { journal, blobs, spoil, restore } = await aJournal();
    await journal.append({ creds: { me: 1 }, session: { b: 2 }, 'sender-key': { c: 3 } });
    await journal.append({ session: { b: 3 } });
    await spoil(change.spoilt, change.seq);
    await restore();
    expect(
      Object.keys(await journalOf(blobs).open())
        .sort()
        .join(),
    ).toBe(change.kinds);
  });

  it('keeps what it leaves out, with the keys to it', async () => {
    const { blobs, spoil, store, restore } = await aJournal();
    await spoil('j', 6);
    const corrupt = await blobs.get(store.keys.numbered('j', 6));
    await restore();
    const kept = await Array.fromAsync(blobs.list(`${store.keys.prefix}quarantine/`));
    const folder = `${store.keys.prefix}quarantine/000000000008/`;
    expect(kept.filter((key) => key.includes('/j/'))).toEqual([
      `${folder}j/000000000006`,
      `${folder}j/000000000007`,
    ]);
    expect(kept.filter((key) => key.includes('/key/'))).toHaveLength(2);
    expect(await blobs.get(`${folder}j/000000000006`)).toEqual(corrupt);
  });

  it('changes nothing of a journal that verifies, is not there, or has nothing good', async () => {
    const { blobs, store, spoil, restore } = await aJournal();
    const before = await Array.fromAsync(blobs.list(''));
    expect(await restore()).toEqual({ kind: 'sound' });
    await spoil('j', 1);
    await spoil('snap', 4);
    expect(await restore()).toEqual({ kind: 'nothing_good' });
    expect(await Array.fromAsync(blobs.list(''))).toEqual(before);
    const none = new JournalStore('none', journalDeps(blobs));
    expect(await restoreJournal(none, { now: () => new Date() })).toEqual({
      kind: 'nothing_there',
    });
    expect(store.instanceId).toBe('one');
  });

  it('fences off a writer that was not stopped, and lets its runner open it again', async () => {
    const { blobs, journal, restore, open } = await aJournal();
    await restore(5);
    await expect(journal.append({ a: { 8: 8 } })).rejects.toThrow(LogOvertaken);
    expect(await open()).toBe('2,3,4,5');
    await journalOf(blobs, { opener: NEXT_RUNNER }).open();
    await expect(journalOf(blobs, { opener: A_RUNNER }).open()).rejects.toThrow(LogOvertaken);
  });
});
