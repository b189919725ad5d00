import { firstSeqOf } from './journal-keys.ts';
import type { JournalStore } from './journal-store.ts';
import type { PlainLog } from './plain-log.ts';

const HOUR_MS = 3_600_000;

/**
 * So long a record stays that a snapshot covers. A writer that was frozen could otherwise put its next record where
 * one was deleted, and take it for durable: after two days none lives (its lease, its credentials and its signatures
 * are long gone). Found by `fence-model`: deletion at once forks the log.
 */
export const COVERED_KEPT_MS = 48 * HOUR_MS;
/** How much one pass deletes, and of how many snapshots it looks at the time. */
const DELETIONS_MAX = 1_000;
const LOOKED_AT_MAX = 8;

/**
 * Deletes what a snapshot has covered for so long, but of snapshots never the newest two, nor the records between
 * them: should the newest be damaged, a restore loses nothing.
 */
export async function sweepJournal(
  store: JournalStore,
  plain: PlainLog,
  { snapshots, nowMs }: { readonly snapshots: readonly number[]; readonly nowMs: number },
): Promise<void> {
  const aged: number[] = [];
  for (const seq of snapshots.slice(0, LOOKED_AT_MAX)) {
    const atMs = await timeOf(store, seq);
    if (atMs !== undefined && nowMs - atMs < COVERED_KEPT_MS) break;
    if (atMs !== undefined) aged.push(seq);
  }
  if (aged.length > 0) await store.delete(await plain.keys());
  const secondNewest = snapshots.at(-2);
  const base = aged.findLast((seq) => secondNewest !== undefined && seq <= secondNewest);
  if (base !== undefined) await deleteBelow(base, store, snapshots);
}

async function deleteBelow(
  base: number,
  store: JournalStore,
  snapshots: readonly number[],
): Promise<void> {
  const covered = await coveredBy(base, store);
  await store.delete(covered.map((seq) => store.keys.numbered('j', seq)));
  if (covered.length === DELETIONS_MAX) return;
  const older = snapshots.filter((seq) => seq < base);
  await store.delete(older.map((seq) => store.keys.numbered('snap', seq)));
  await store.delete(outdatedKeys(await store.keyIds(), base).map((id) => store.keys.key(id)));
}

/** The first of them: of a long row no more is listed. */
async function coveredBy(base: number, store: JournalStore): Promise<number[]> {
  const covered: number[] = [];
  for await (const seq of store.records()) {
    if (seq > base || covered.length === DELETIONS_MAX) break;
    covered.push(seq);
  }
  return covered;
}

/**
 * The keys that seal nothing from `lowest` on. Each writer takes a new one when it begins and at every snapshot, and
 * names it by the first number that it seals: so what lies at `lowest` is sealed by the last one that began there or
 * below. Of several that began at one number, all are kept.
 */
export function outdatedKeys(keyIds: readonly string[], lowest: number): string[] {
  const begins = keyIds.map((id) => ({ id, first: firstSeqOf(id) ?? Number.POSITIVE_INFINITY }));
  const inUse = Math.max(...begins.map(({ first }) => first).filter((first) => first <= lowest));
  return begins.filter(({ first }) => first < inUse).map(({ id }) => id);
}

/** When a snapshot was written; `undefined` when it cannot be read. */
async function timeOf(store: JournalStore, seq: number): Promise<number | undefined> {
  const bytes = await store.readBytes('snap', seq);
  if (bytes === undefined) return undefined;
  try {
    return store.parse('snap', seq, bytes).header.atMs;
  } catch {
    return undefined;
  }
}
