import { type AuthLog, LogTooSlow } from './auth-log.ts';
import { applyChanges, type Changes, encodeChanges, mergeChanges } from './changes.ts';

/** So much may wait behind a record that is being written: a log that falls back further does not catch up. */
const STAGED_BYTES_MAX = 2 * 1_024 * 1_024;

/**
 * One instance's auth state in memory, ahead of its log by what is staged.
 *
 * `stage` changes the memory at once; `flush` resolves when all that was staged before it is durable. One
 * record is written at a time and takes along whatever was staged meanwhile (group commit). After a failed
 * write the state is dead: memory may be ahead of the log for ever, so the owner must open it anew.
 */
export class AuthState {
  readonly #log: AuthLog;
  readonly #state: Changes;
  #staged: Changes = {};
  #stagedCount = 0;
  #stagedBytes = 0;
  #durableCount = 0;
  #writing: Promise<void> | undefined;
  /** The snapshot that is being kept: the next record waits for it, what is durable does not. */
  #compacting: Promise<void> | undefined;
  #holds = 0;
  #holdsOver: PromiseWithResolvers<void> = Promise.withResolvers();
  #failure: unknown;
  readonly #onFailure = new Set<(cause: unknown) => void>();

  private constructor(log: AuthLog, state: Changes) {
    this.#log = log;
    this.#state = state;
  }

  /** Takes the log over. */
  static async open(log: AuthLog): Promise<AuthState> {
    return new AuthState(log, await log.open());
  }

  /** It takes no more changes: a write failed, or it was closed or erased. Open the log anew. */
  get isDead(): boolean {
    return this.#failure !== undefined;
  }

  /** Calls back when a write fails, with what the log threw. Answers how to take that back. */
  onFailure(listener: (cause: unknown) => void): () => void {
    this.#onFailure.add(listener);
    return () => void this.#onFailure.delete(listener);
  }

  /** What is there of these ids. */
  get(kind: string, ids: readonly string[]): Record<string, unknown> {
    const kept = this.#state[kind] ?? {};
    const found: Record<string, unknown> = {};
    for (const id of ids) {
      if (kept[id] !== undefined) found[id] = kept[id];
    }
    return found;
  }

  /** Everything of one kind. */
  all(kind: string): Readonly<Record<string, unknown>> {
    return this.#state[kind] ?? {};
  }

  stage(changes: Changes): void {
    applyChanges(this.#state, changes);
    mergeChanges(this.#staged, changes);
    this.#stagedCount += 1;
    if (this.#writing === undefined) return;
    this.#stagedBytes += encodeChanges(changes).byteLength;
    if (this.#stagedBytes > STAGED_BYTES_MAX) this.#fail(new LogTooSlow('too much is staged'));
  }

  /** Keeps what is staged from now on out of the log until released: changes that belong in one record. */
  hold(): () => void {
    this.#holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      if (this.#holds > 0) return;
      this.#holdsOver.resolve();
      this.#holdsOver = Promise.withResolvers();
    };
  }

  /** Throws what the log threw; then the state takes no more. */
  async flush(): Promise<void> {
    const target = this.#stagedCount;
    while (this.#durableCount < target) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  /** Writes what is staged and ends the log cleanly. It takes no more then. */
  async close(): Promise<void> {
    await this.flush();
    await this.#compacting;
    if (this.#failure !== undefined) throw this.#failure;
    this.#failure = new Error('The auth state was closed.');
    await this.#log.close(() => encodeChanges(this.#state));
  }

  /** Forgets everything, in memory and in the log. */
  async erase(): Promise<void> {
    // First, so that no flush begins another record behind the one that is waited for.
    this.#failure = new Error('The auth state was erased.');
    await this.#writing?.catch(() => undefined);
    await this.#compacting;
    await this.#log.erase();
  }

  async #write(): Promise<void> {
    try {
      await this.#compacting;
      if (this.#failure !== undefined) throw this.#failure;
      while (this.#holds > 0) await this.#holdsOver.promise;
      const changes = this.#staged;
      const count = this.#stagedCount;
      this.#staged = {};
      this.#stagedBytes = 0;
      // Taken with the record, while nothing else is staged: a snapshot is what the records make, and no more.
      const whole = this.#log.isSnapshotDue ? encodeChanges(this.#state) : undefined;
      await this.#log.append(changes);
      this.#durableCount = count;
      if (whole !== undefined) this.#compacting = this.#compact(whole);
    } catch (cause) {
      this.#fail(cause);
      throw cause;
    } finally {
      this.#writing = undefined;
    }
  }

  async #compact(whole: Uint8Array): Promise<void> {
    try {
      await this.#log.compact(whole);
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#compacting = undefined;
    }
  }

  /** The first cause is the one that is told. */
  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = cause;
    for (const listener of this.#onFailure) listener(cause);
  }
}
