import type { CorruptReason } from './journal-corrupt.ts';
import type { ParsedRecord } from './record-codec.ts';
import { NO_HASH } from './record-header.ts';

/** Where a journal ends: what the next record must follow. */
export type JournalTail = {
  /** 0 when there is no record. */
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly epoch: number;
  readonly writer: string;
};

/** Written by nobody: the tail of an empty journal, and what the operator's restore signs with. */
export const NO_WRITER = '0000000000000000';

export const EMPTY_TAIL: JournalTail = { seq: 0, hash: NO_HASH, epoch: 0, writer: NO_WRITER };

/** The tail after a record that follows; after a snapshot, that of the record that it covers. */
export function tailAfter({ header, hash }: ParsedRecord): JournalTail {
  const { type, seq, epoch, writer } = header;
  return { seq, epoch, writer, hash: type === 'SNAPSHOT' ? header.hash : hash };
}

/** What is wrong with a record that should follow this tail; `undefined` when nothing is. */
export function faultOfNext(
  { header }: ParsedRecord,
  tail: JournalTail,
  instanceId: string,
): CorruptReason | undefined {
  const isHere = header.instanceId === instanceId && header.seq === tail.seq + 1;
  if (!isHere || header.type === 'SNAPSHOT') return 'misplaced';
  if (!Buffer.from(header.hash).equals(tail.hash)) return 'chain_broken';
  return header.epoch < tail.epoch ? 'epoch_fell' : undefined;
}

/** Who opens a journal. */
export type Opener = { readonly epoch: number; readonly writer: string };

/**
 * Whether the opener comes too late. Two runners never have one epoch, so a record of its own epoch is from its own
 * earlier opening, or the operator's.
 */
export function isOvertakenBy(opener: Opener, tail: JournalTail): boolean {
  if (tail.epoch !== opener.epoch) return tail.epoch > opener.epoch;
  return tail.writer !== opener.writer && tail.writer !== NO_WRITER;
}
