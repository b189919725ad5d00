import { AlreadyExists } from '#shared/storage/blobs.ts';
import { applyChanges, type Changes, encodeChanges } from './changes.ts';
import { JournalCorrupt } from './journal-corrupt.ts';
import type { JournalListing, JournalStore } from './journal-store.ts';
import { EMPTY_TAIL, faultOfNext, type JournalTail, NO_WRITER, tailAfter } from './journal-tail.ts';
import { hashOf } from './record-codec.ts';

/** What steps with every message: Signal's sessions with devices, and the sender keys of groups (Baileys' names). */
const RATCHETS = ['session', 'sender-key', 'sender-key-memory'];

export type RestoreOptions = {
  /** The last number whose state is wanted; without it the last that verifies. */
  readonly to?: number | undefined;
  readonly now: () => Date;
};

export type RestoreOutcome =
  | { readonly kind: 'nothing_there' }
  /** All of it verifies: only going back to an earlier number would change anything. */
  | { readonly kind: 'sound' }
  /** Nothing of it can be read: it is left as it is. */
  | { readonly kind: 'nothing_good' }
  /** Somebody writes it: the instance must be stopped first. */
  | { readonly kind: 'in_use' }
  | {
      readonly kind: 'restored';
      /** The state is that of this record. */
      readonly from: number;
      /** Where the journal goes on. */
      readonly at: number;
      /** Records behind `from` that the state is without. */
      readonly lost: number;
    };

/**
 * Makes the last state that verifies the current one: a record and a snapshot with it go behind everything that is
 * there, so that no number is written twice and whoever still writes is fenced off. What is left out is kept under
 * `quarantine/`. A state that lies behind what was on the wire has no ratchets: to go on from an earlier place would
 * encrypt twice under one key. New sessions are agreed on with the next message either way.
 */
export async function restoreJournal(
  store: JournalStore,
  { to, now }: RestoreOptions,
): Promise<RestoreOutcome> {
  const listing = await store.list();
  const top = Math.max(0, ...listing.records, ...listing.snapshots);
  if (top === 0) return { kind: 'nothing_there' };
  const good = await lastGood(store, listing, to ?? Number.POSITIVE_INFINITY);
  if (good === undefined) return { kind: 'nothing_good' };
  const from = good.tail.seq;
  const isNewest = good.base === (listing.snapshots.at(-1) ?? 0);
  if (to === undefined && from === top && isNewest) return { kind: 'sound' };
  const epoch = Math.max(good.tail.epoch, await highestEpoch(store, listing, from));
  await quarantine(store, listing, { ...good, at: top + 1 });

  const last = await store.readBytes('j', top);
  const hash = last === undefined ? good.tail.hash : hashOf(last);
  const at = top + 1;
  const key = await store.makeKey(at);
  const common = { seq: at, epoch, writer: NO_WRITER, atMs: now().getTime() };
  const fence = await store.seal({ ...common, type: 'FENCE', hash }, new Uint8Array(), key);
  if ((await store.put('j', at, fence)) === 'taken') return { kind: 'in_use' };
  const header = { ...common, type: 'SNAPSHOT', hash: hashOf(fence) } as const;
  const state = from < top ? withoutRatchets(good.state) : good.state;
  await store.put('snap', at, await store.seal(header, encodeChanges(state), key));
  return { kind: 'restored', from, at, lost: listing.records.filter((n) => n > from).length };
}

function withoutRatchets(state: Changes): Changes {
  return Object.fromEntries(Object.entries(state).filter(([kind]) => !RATCHETS.includes(kind)));
}

type Good = {
  readonly state: Changes;
  readonly tail: JournalTail;
  /** The snapshot that it was read from; 0 when there was none. */
  readonly base: number;
};

/** The newest snapshot that verifies, and the records behind it up to the first that does not. */
async function lastGood(
  store: JournalStore,
  { snapshots, records }: JournalListing,
  to: number,
): Promise<Good | undefined> {
  for (const seq of snapshots.filter((each) => each <= to).reverse()) {
    const base = await readGood(store, 'snap', seq);
    if (base === undefined) continue;
    return await replay(
      store,
      { state: base.changes, tail: tailAfter(base.record), base: seq },
      to,
    );
  }
  if (records[0] !== 1) return undefined;
  const replayed = await replay(store, { state: {}, tail: EMPTY_TAIL, base: 0 }, to);
  return replayed.tail.seq === 0 ? undefined : replayed;
}

async function replay(store: JournalStore, { state, tail, base }: Good, to: number): Promise<Good> {
  let end = tail;
  while (end.seq < to) {
    const next = await readGood(store, 'j', end.seq + 1);
    if (next === undefined || faultOfNext(next.record, end, store.instanceId)) break;
    applyChanges(state, next.changes);
    end = tailAfter(next.record);
  }
  return { state, tail: end, base };
}

/** Of what is authentic: a lease that is older must not open what is restored. */
async function highestEpoch(
  store: JournalStore,
  { records }: JournalListing,
  from: number,
): Promise<number> {
  let highest = 0;
  for (const seq of records.filter((each) => each > from)) {
    const found = await readGood(store, 'j', seq);
    highest = Math.max(highest, found?.record.header.epoch ?? 0);
  }
  return highest;
}

/** `undefined` for what is not there or cannot be believed. */
async function readGood(store: JournalStore, kind: 'j' | 'snap', seq: number) {
  const bytes = await store.readBytes(kind, seq);
  if (bytes === undefined) return undefined;
  try {
    const record = store.parse(kind, seq, bytes);
    return { record, changes: await store.open(kind, record) };
  } catch (cause) {
    if (cause instanceof JournalCorrupt) return undefined;
    throw cause;
  }
}

/** Copies what the restored state is without, and the keys: the originals go with what is covered. */
async function quarantine(
  store: JournalStore,
  { records, snapshots, keyIds }: JournalListing,
  { tail, base, at }: Good & { at: number },
): Promise<void> {
  const { keys, blobs } = store;
  const out = [
    ...records.filter((seq) => seq > tail.seq).map((seq) => keys.numbered('j', seq)),
    ...snapshots.filter((seq) => seq > base).map((seq) => keys.numbered('snap', seq)),
    ...keyIds.map((id) => keys.key(id)),
  ];
  for (const key of out) {
    const bytes = await blobs.get(key);
    if (bytes === undefined) continue;
    await blobs.putIfAbsent(keys.quarantined(at, key), bytes).catch((cause: unknown) => {
      // A restore before this one was cut off.
      if (!(cause instanceof AlreadyExists)) throw cause;
    });
  }
}
