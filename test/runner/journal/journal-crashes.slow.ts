import { describe, expect, it } from 'vitest';
import { applyChanges, type Changes, encodeChanges } from '#runner/journal/changes.ts';
import type { FencedJournal } from '#runner/journal/fenced-journal.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import { loadJournal } from '#runner/journal/load-journal.ts';
import { restoreJournal } from '#runner/journal/restore-journal.ts';
import { COVERED_KEPT_MS } from '#runner/journal/sweep-journal.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import type { FakeClock } from '../../shared/storage/embedded/fake-clock.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalDeps, journalOf, NEXT_RUNNER } from './journal-for-test.ts';
import { killedAfter, LOST } from './unreliable-blobs.ts';

/** More changes than any of the stories makes. */
const CHANGES_MAX = 60;

type Story = {
  readonly name: string;
  /** What was there before: written without a crash. */
  readonly before?: (blobs: Blobs, clock: FakeClock) => Promise<void>;
  /** `isNow` names a state that the journal may have from now on, `was` what it had before. */
  readonly run: (world: World) => Promise<void>;
};

type World = {
  readonly blobs: Blobs;
  readonly clock: FakeClock;
  /** The state is one of these: the one before what is under way, and the one after it. */
  readonly expect: (was: Changes, willBe: Changes) => void;
};

const open = async (blobs: Blobs, clock: FakeClock): Promise<FencedJournal> => {
  const journal = journalOf(blobs, { now: clock.now });
  await journal.open();
  return journal;
};

const LINKED: Changes = { creds: { creds: 'linked' }, session: { a: 1 } };
const LATER: Changes = { session: { b: 2 } };

function sum(...several: Changes[]): Changes {
  const state: Changes = {};
  for (const changes of several) applyChanges(state, structuredClone(changes));
  return state;
}

async function writeLinked(blobs: Blobs, clock: FakeClock): Promise<void> {
  const journal = await open(blobs, clock);
  await journal.append(LINKED);
}

/** Three snapshots, the oldest of them so old that it goes. */
async function writeOld(blobs: Blobs, clock: FakeClock): Promise<void> {
  const journal = await open(blobs, clock);
  for (let n = 0; n < 3; n += 1) {
    await journal.append(LINKED);
    await journal.compact(encodeChanges(LINKED));
  }
  clock.move(COVERED_KEPT_MS);
}

async function writePlain(blobs: Blobs): Promise<void> {
  await blobs.put('auth/one/snapshot/000000000002', encodeChanges({ creds: { creds: 'linked' } }));
  await blobs.put('auth/one/log/000000000003', encodeChanges({ session: { a: 1 } }));
}

async function writeCorrupt(blobs: Blobs, clock: FakeClock): Promise<void> {
  const journal = await open(blobs, clock);
  await journal.append(LINKED);
  await journal.append(LATER);
  const key = new JournalStore('one', journalDeps(blobs)).keys.numbered('j', 3);
  const bytes = Uint8Array.from((await blobs.get(key)) ?? []);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await blobs.put(key, bytes);
}

const stories: readonly Story[] = [
  {
    name: 'the first opening and the first records',
    run: async ({ blobs, clock, expect: may }) => {
      may({}, {});
      const journal = await open(blobs, clock);
      may({}, LINKED);
      await journal.append(LINKED);
      may(LINKED, sum(LINKED, LATER));
      await journal.append(LATER);
    },
  },
  {
    name: 'a takeover that deletes what is old, and a compaction',
    before: writeOld,
    run: async ({ blobs, clock, expect: may }) => {
      may(LINKED, LINKED);
      const journal = await open(blobs, clock);
      await journal.compact(encodeChanges(LINKED));
      may(LINKED, sum(LINKED, LATER));
      await journal.append(LATER);
    },
  },
  {
    name: 'a clean end',
    before: writeLinked,
    run: async ({ blobs, clock, expect: may }) => {
      may(LINKED, LINKED);
      const journal = await open(blobs, clock);
      for (let n = 0; n < 31; n += 1) await journal.append({ session: { a: 1 } });
      await journal.close(() => encodeChanges(LINKED));
    },
  },
  {
    name: 'an erasure',
    before: writeOld,
    run: async ({ blobs, clock, expect: may }) => {
      may(LINKED, LINKED);
      const journal = await open(blobs, clock);
      may(LINKED, {});
      await journal.erase();
    },
  },
  {
    name: 'an import',
    before: writePlain,
    run: async ({ blobs, clock, expect: may }) => {
      may(LINKED, LINKED);
      const journal = await open(blobs, clock);
      may(LINKED, sum(LINKED, LATER));
      await journal.append(LATER);
    },
  },
];

describe('a process that is killed before any one of its writes', () => {
  it.each(stories)('loses nothing: $name', async ({ before, run }) => {
    let kills = 0;
    for (let changes = 0; changes <= CHANGES_MAX; changes += 1) {
      const { storage, clock } = await openForTest();
      await before?.(storage.authBlobs, clock);
      let allowed: readonly Changes[] = [];
      const blobs = killedAfter(changes, storage.authBlobs);
      const mayBe = (...states: readonly Changes[]) => {
        allowed = states;
      };
      const outcome = await run({ blobs, clock, expect: mayBe }).catch((cause: unknown) => cause);
      if (outcome !== undefined && outcome !== LOST) throw outcome;
      if (outcome === LOST) kills += 1;
      const next = journalOf(storage.authBlobs, { opener: NEXT_RUNNER, now: clock.now });
      const state = await next.open();
      expect(allowed).toContainEqual(withoutEmpty(state));
      await next.append({ more: { n: changes } });
      if (outcome === undefined) break;
    }
    expect(kills).toBeGreaterThan(2);
  });

  it('leaves a journal that can still be restored, whenever a restore is cut off', async () => {
    let kills = 0;
    for (let changes = 0; changes <= CHANGES_MAX; changes += 1) {
      const { storage, clock } = await openForTest();
      await writeCorrupt(storage.authBlobs, clock);
      const restore = (blobs: Blobs) =>
        restoreJournal(new JournalStore('one', journalDeps(blobs)), { now: clock.now });
      const outcome = await restore(killedAfter(changes, storage.authBlobs)).catch(() => LOST);
      if (outcome === LOST) {
        kills += 1;
        expect(await restore(storage.authBlobs)).toMatchObject({ kind: 'restored', from: 2 });
      }
      const { state } = await loadJournal(new JournalStore('one', journalDeps(storage.authBlobs)));
      expect(state).toEqual({ creds: LINKED['creds'] });
      if (outcome !== LOST) break;
    }
    expect(kills).toBeGreaterThan(2);
  });
});

function withoutEmpty(state: Changes): Changes {
  return Object.fromEntries(
    Object.entries(state).filter(([, values]) => Object.keys(values).length > 0),
  );
}
