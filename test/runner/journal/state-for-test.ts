import { AuthState } from '#runner/journal/auth-state.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import { loadJournal } from '#runner/journal/load-journal.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { GatedLog } from './gated-log.ts';
import { journalDeps, journalOf, NEXT_RUNNER } from './journal-for-test.ts';

/** A state on a log that the test can hold open. */
export async function openState(): Promise<{ blobs: Blobs; log: GatedLog; state: AuthState }> {
  const { storage } = await openForTest();
  const log = new GatedLog(journalOf(storage.authBlobs));
  return { blobs: storage.authBlobs, log, state: await AuthState.open(log) };
}

/** What the log holds, without taking it from its writer. */
export async function kept(blobs: Blobs, kind: string): Promise<Record<string, unknown>> {
  const { state } = await loadJournal(new JournalStore('one', journalDeps(blobs)));
  return state[kind] ?? {};
}

/** The numbers of its snapshots. */
export async function snapshots(blobs: Blobs): Promise<readonly number[]> {
  return (await new JournalStore('one', journalDeps(blobs)).list()).snapshots;
}

/** The state for a runner that takes over. */
export const reopen = async (blobs: Blobs) =>
  await AuthState.open(journalOf(blobs, { opener: NEXT_RUNNER }));
