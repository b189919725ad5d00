export type CorruptBlob = 'record' | 'snapshot' | 'key';

/** Why a blob of a journal is not believed. */
export type CorruptReason =
  /** It is not in our format, or cut off. */
  | 'unreadable'
  /** It belongs to another instance, or to another number. */
  | 'misplaced'
  /** It does not follow the record before it: its hash is another's. */
  | 'chain_broken'
  /** Its epoch is below that of the record before it. */
  | 'epoch_fell'
  /** It is not as it was sealed: a byte of it was changed. */
  | 'not_authentic'
  /** It should be there and is not. */
  | 'missing'
  /** A key that it needs is not there, or cannot be unwrapped. */
  | 'no_key';

/** The journal of an instance was damaged. It says where and how, and nothing of what it holds. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
  readonly instanceId: string;
  readonly blob: CorruptBlob;
  readonly seq: number;
  readonly reason: CorruptReason;

  constructor(
    where: { instanceId: string; blob: CorruptBlob; seq: number },
    reason: CorruptReason,
    options?: ErrorOptions,
  ) {
    super(`The ${where.blob} ${where.seq} of the journal is corrupt: ${reason}.`, options);
    this.instanceId = where.instanceId;
    this.blob = where.blob;
    this.seq = where.seq;
    this.reason = reason;
  }
}
