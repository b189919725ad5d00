import type { Changes } from './changes.ts';

/** Where one instance's auth state is kept: a row of records, each whole or not there. */
export interface AuthLog {
  /** The state as of the last record. `seq` is that record's number, 0 when there is none. */
  load(): Promise<{ readonly state: Changes; readonly seq: number }>;
  /** Writes record `seq`. Throws `LogOvertaken` when somebody else has written that number. */
  append(seq: number, changes: Changes): Promise<void>;
  /** Writes the whole state as of `seq`, and drops the records that it covers. */
  compact(seq: number, state: Changes): Promise<void>;
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
