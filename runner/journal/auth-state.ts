import type { AuthLog } from './auth-log.ts';
import { applyChanges, type Changes, mergeChanges } from './changes.ts';

/** After so many records the whole state is written anew, so that a start reads little. */
const RECORDS_PER_SNAPSHOT = 256;

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
  #seq: number;
  #staged: Changes = {};
  #stagedCount = 0;
  #durableCount = 0;
  #writing: Promise<void> | undefined;
  #holds = 0;
  #holdsOver: PromiseWithResolvers<void> = Promise.withResolvers();
  #failure: unknown;
  readonly #onFailure = new Set<(cause: unknown) => void>();
  #recordsSinceSnapshot = 0;

  private constructor(log: AuthLog, loaded: { state: Changes; seq: number }) {
    this.#log = log;
    this.#state = loaded.state;
    this.#seq = loaded.seq;
  }

  static async open(log: AuthLog): Promise<AuthState> {
    return new AuthState(log, await log.load());
  }

  /** It takes no more changes: a write failed, or it was erased. Open the log anew. */
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

  /** Forgets everything, in memory and in the log. */
  async erase(): Promise<void> {
    // First, so that no flush begins another record behind the one that is waited for.
    this.#failure = new Error('The auth state was erased.');
    await this.#writing?.catch(() => undefined);
    await this.#log.erase();
  }

  async #write(): Promise<void> {
    try {
      while (this.#holds > 0) await this.#holdsOver.promise;
      const changes = this.#staged;
      const count = this.#stagedCount;
      this.#staged = {};
      await this.#log.append(this.#seq + 1, changes);
      this.#seq += 1;
      this.#durableCount = count;
      await this.#compactNowAndThen();
    } catch (cause) {
      this.#failure = cause;
      for (const listener of this.#onFailure) listener(cause);
      throw cause;
    } finally {
      this.#writing = undefined;
    }
  }

  /** What is staged already goes into the snapshot as well: written twice, it is the same. A hold is waited for. */
  async #compactNowAndThen(): Promise<void> {
    this.#recordsSinceSnapshot += 1;
    if (this.#recordsSinceSnapshot < RECORDS_PER_SNAPSHOT) return;
    this.#recordsSinceSnapshot = 0;
    while (this.#holds > 0) await this.#holdsOver.promise;
    await this.#log.compact(this.#seq, this.#state);
  }
}
