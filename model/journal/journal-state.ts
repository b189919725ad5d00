/**
 * Records one after the other, two characters each: the kind and the epoch. `F` is a FENCE, `D` data (one step of the
 * ratchet and the ciphertext that it gave), `C` a clean CLOSE. A writer never writes two of a kind into one slot, so
 * that the slot and these two characters are the record's bytes.
 */
export type Records = string;
const RECORD_CHARS = 2;

/** FENCE, DATA, CLOSE. */
export type RecordKind = 'F' | 'D' | 'C';

/**
 * A PUT of one record: the log as it is to be after it. The writer's view, then the record; the slot is the number
 * of records in the view.
 */
export type Put = Records;

/** One process of a runner, as far as the journal of one session goes. */
export type Writer = {
  /**
   *   out ─▶ claimed ─▶ reading (has the snapshot) ─▶ fencing (has the log) ─▶ working ─▶ out
   */
  readonly phase: 'out' | 'claimed' | 'reading' | 'fencing' | 'working';
  readonly epoch: number;
  /** While reading: how many slots the snapshot covers. */
  readonly base: number;
  /** The log as the writer knows it. */
  readonly view: Records;
  /** What has become of the record that is being written, in the eyes of the storage. */
  readonly answer: 'none' | 'asked' | 'written' | 'taken';
  readonly writing: RecordKind | '-';
};

export const OUT: Writer = {
  phase: 'out',
  epoch: 0,
  base: 0,
  view: '',
  answer: 'none',
  writing: '-',
};

/** The journal of one session in the storage, all that write it, and what is noted to judge them. */
export type JournalState = {
  /** The last that was claimed. */
  readonly epoch: number;
  /** All that was ever written, deleted slots too. */
  readonly written: Records;
  /** How many of the first slots are deleted. */
  readonly deleted: number;
  /** How many slots the newest snapshot covers. */
  readonly snapshot: number;
  /** PUTs that are under way, those of ended processes too. */
  readonly flight: readonly Put[];
  /** How many PUTs may still be tried again. */
  readonly retriesLeft: number;
  readonly writers: readonly Writer[];
  /** Noted: for how many slots the last acknowledged record is good. */
  readonly acknowledged: number;
  /** Noted: by position of the ratchet, the epoch whose ciphertext has left, `0` when none has. */
  readonly wire: string;
  /** Noted: the highest epoch that has begun to work. */
  readonly began: number;
};

export function countOf(records: Records): number {
  return records.length / RECORD_CHARS;
}

export function firstOf(records: Records, count: number): Records {
  return records.slice(0, count * RECORD_CHARS);
}

/** The record of a slot, empty when there is none. */
export function recordAt(records: Records, slot: number): Records {
  return records.slice(slot * RECORD_CHARS, (slot + 1) * RECORD_CHARS);
}

export function lastOf(records: Records): Records {
  return records.slice(-RECORD_CHARS);
}

/** Of one record; 0 of none. */
export function epochOf(record: Records): number {
  return Number(record.slice(1));
}

/** The position of the ratchet after these records. */
export function positionAfter(records: Records): number {
  return records.split('D').length - 1;
}

/** What a writer's PUT asks for. */
export function putOf({ view, writing, epoch }: Writer): Put {
  return `${view}${writing}${epoch}`;
}

export function describeWriter(writer: Writer): string {
  const { phase, epoch, base, view, answer, writing } = writer;
  if (phase === 'out') return 'o';
  return `${phase[0]}${epoch}${base}${view}${writing}${answer[0]}`;
}

export function describeJournal(state: JournalState): string {
  const { epoch, written, deleted, snapshot, flight, retriesLeft } = state;
  const storage = `${epoch}${deleted}${snapshot}${retriesLeft}${written},${flight.join('.')}`;
  return `${storage},${state.acknowledged}${state.began}${state.wire}`;
}
