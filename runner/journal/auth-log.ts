import type { Changes } from './changes.ts';

/** Where one instance's auth state is kept: a line of records, each whole or not there. */
export interface AuthLog {
  /**
   * Takes the log over and answers the state as of its last record: from then on no other writer adds one. Throws
   * `LogOvertaken` when a newer one has it, and `JournalCorrupt` when it cannot be believed.
   */
  open(): Promise<Changes>;
  /** Writes the next record. Throws `LogOvertaken` when somebody else has written that number. */
  append(changes: Changes): Promise<void>;
  /** Whether `compact` should follow the next record. */
  readonly isSnapshotDue: boolean;
  /** Keeps the whole state as of the last record, encoded, so that a start reads little. */
  compact(whole: Uint8Array): Promise<void>;
  /** Ends the log cleanly. The whole state is asked for when it is worth keeping. */
  close(whole: () => Uint8Array): Promise<void>;
  /** Deletes everything: the instance is logged out. */
  erase(): Promise<void>;
}

/** Another writer has gone on with this log: the session must end at once, its state is stale. */
export class LogOvertaken extends Error {
  override readonly name = 'LogOvertaken';

  constructor(seq: number, options?: ErrorOptions) {
    super(`Record ${seq} was written by somebody else.`, options);
  }
}

/** More was staged than the log takes. The session must end: what it does could not be kept. */
export class LogTooSlow extends Error {
  override readonly name = 'LogTooSlow';

  constructor(reason: string) {
    super(`The log of the auth state is too slow: ${reason}.`);
  }
}
