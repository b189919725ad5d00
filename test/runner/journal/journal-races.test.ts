import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import type { Opener } from '#runner/journal/journal-tail.ts';
import { loadJournal } from '#runner/journal/load-journal.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { A_RUNNER, journalDeps, journalOf, NEXT_RUNNER } from './journal-for-test.ts';
import { type Fate, LOST, unreliableBlobs } from './unreliable-blobs.ts';

const RUNS = 40;
const APPENDS = 4;
const OPENINGS_MAX = 4;

const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>('done') },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Fate>('answer_lost', 'done_late', 'done_twice', 'not_done'),
    },
  ),
);

type Runner = { readonly acknowledged: string[]; readonly end: Promise<'done' | 'overtaken'> };

/** Opens the journal and appends, opening it anew after a write without an answer, as a session does. */
function runnerOf(instanceId: string, opener: Opener, blobs: Blobs): Runner {
  const acknowledged: string[] = [];
  async function openAndAppend(opening: number): Promise<void> {
    const journal = journalOf(blobs, { instanceId, opener });
    await journal.open();
    for (let n = 0; n < APPENDS; n += 1) {
      const mark = `${opener.epoch}.${opening}.${n}`;
      await journal.append({ marks: { [mark]: true } });
      acknowledged.push(mark);
    }
  }
  async function live(opening: number): Promise<'done' | 'overtaken'> {
    try {
      await openAndAppend(opening);
      return 'done';
    } catch (cause) {
      if (cause instanceof LogOvertaken) return 'overtaken';
      if (cause !== LOST) throw cause;
      return opening < OPENINGS_MAX ? await live(opening + 1) : 'done';
    }
  }
  return { acknowledged, end: live(1) };
}

/** Every record, with what it holds, read straight from the blobs. */
async function recordsOf(instanceId: string, blobs: Blobs) {
  const store = new JournalStore(instanceId, journalDeps(blobs));
  const { records } = await store.list();
  return await Promise.all(
    records.map(async (seq) => {
      const record = store.parse('j', seq, (await store.readBytes('j', seq)) ?? new Uint8Array());
      return {
        ...record.header,
        marks: Object.keys((await store.open('j', record))['marks'] ?? {}),
      };
    }),
  );
}

describe('two runners that both take themselves for the owner', () => {
  it('write one line: whoever is overtaken adds nothing, and nothing acknowledged is lost', async () => {
    const { storage } = await openForTest();
    let run = 0;
    let overtaken = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fates, fates, async (s, oldFates, newFates) => {
        run += 1;
        const instanceId = `race-${run}`;
        const blobs = storage.authBlobs;
        const late: Promise<void>[] = [];
        const over = (fate: Iterator<Fate>) =>
          unreliableBlobs(blobs, {
            fate: () => fate.next().value,
            turn: async (what) => await s.schedule(Promise.resolve(), what),
            later: (work) => late.push(work),
          });
        const older = runnerOf(instanceId, A_RUNNER, over(oldFates));
        const newer = runnerOf(instanceId, NEXT_RUNNER, over(newFates));
        const ends = Promise.all([older.end, newer.end]);
        await s.waitFor(ends.then(() => Promise.all(late)));
        const [olderEnd] = await ends;
        if (olderEnd === 'overtaken') overtaken += 1;

        // It loads: numbers without a gap, hashes chained, epochs that never fall, all of it authentic.
        const { state } = await loadJournal(new JournalStore(instanceId, journalDeps(blobs)));
        const records = await recordsOf(instanceId, blobs);
        const marks = records.flatMap((record) => record.marks);
        expect(marks).toEqual([...new Set(marks)]);
        for (const mark of [...older.acknowledged, ...newer.acknowledged]) {
          expect(marks).toContain(mark);
          expect(state['marks']).toHaveProperty([mark], true);
        }
        const fence = records.findIndex(({ epoch }) => epoch === NEXT_RUNNER.epoch);
        if (fence < 0) return;
        expect(records[fence]?.type).toBe('FENCE');
        expect(records.slice(fence).every(({ epoch }) => epoch === NEXT_RUNNER.epoch)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    // The test has seen what it is about.
    expect(overtaken).toBeGreaterThan(0);
  });
});
