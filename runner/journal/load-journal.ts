import { applyChanges, type Changes } from './changes.ts';
import { inParallel } from './in-parallel.ts';
import type { NumberedKind } from './journal-keys.ts';
import type { JournalStore } from './journal-store.ts';
import { EMPTY_TAIL, faultOfNext, type JournalTail, tailAfter } from './journal-tail.ts';
import type { ParsedRecord } from './record-codec.ts';

/** A journal as it was read: every record verified. */
export type LoadedJournal = {
  readonly state: Changes;
  readonly tail: JournalTail;
  /** Their numbers, ascending. */
  readonly snapshots: readonly number[];
  /** The records behind the newest snapshot. */
  readonly records: readonly { readonly header: ParsedRecord['header']; readonly bytes: number }[];
};

/** Reads the newest snapshot and the records behind it. Throws `JournalCorrupt`. */
export async function loadJournal(store: JournalStore): Promise<LoadedJournal> {
  // Before the records: whatever is newer than one that is seen, is seen as well.
  const snapshots = await store.snapshots();
  const newest = snapshots.at(-1);
  const base = newest === undefined ? undefined : await readOne(store, 'snap', newest);
  const state = base === undefined ? {} : await store.open('snap', base.parsed);
  let tail = base === undefined ? EMPTY_TAIL : tailAfter(base.parsed);
  const behind = await Array.fromAsync(store.records({ after: tail.seq }));
  checkNoGap(store, tail, behind);
  const read = await inParallel(behind, (seq) => readOne(store, 'j', seq));
  for (const { parsed } of read) {
    applyChanges(state, await openNext(store, parsed, tail));
    tail = tailAfter(parsed);
  }
  const records = read.map(({ parsed, bytes }) => ({ header: parsed.header, bytes }));
  return { state, tail, snapshots, records };
}

/** What a record holds that follows the tail. Throws `JournalCorrupt`. */
async function openNext(
  store: JournalStore,
  record: ParsedRecord,
  tail: JournalTail,
): Promise<Changes> {
  const fault = faultOfNext(record, tail, store.instanceId);
  if (fault !== undefined) throw store.corrupt('record', tail.seq + 1, fault);
  return await store.open('j', record);
}

function checkNoGap(store: JournalStore, tail: JournalTail, behind: readonly number[]): void {
  behind.forEach((seq, index) => {
    const expected = tail.seq + 1 + index;
    if (seq !== expected) throw store.corrupt('record', expected, 'missing');
  });
}

/** A blob that was listed and is gone was deleted meanwhile, by whoever has the journal now: no damage. */
async function readOne(store: JournalStore, kind: NumberedKind, seq: number) {
  const bytes = await store.readBytes(kind, seq);
  if (bytes === undefined) throw new Error('The journal was changed while it was read.');
  return { parsed: store.parse(kind, seq, bytes), bytes: bytes.byteLength };
}
