import type { AuthLog } from '#runner/journal/auth-log.ts';
import { type Changes, decodeChanges, encodeChanges } from '#runner/journal/changes.ts';

/** A log whose appends the test can hold open or refuse; what goes through is written by the log inside. */
export class GatedLog implements AuthLog {
  readonly #inner: AuthLog;
  #gate: PromiseWithResolvers<void> | undefined;
  #refusal: Error | undefined;
  /** Appends begun, held open or not. */
  begun = 0;
  /** What was written, as it was when its append began. */
  readonly records: Changes[] = [];

  constructor(inner: AuthLog) {
    this.#inner = inner;
  }

  shut(): void {
    this.#gate = Promise.withResolvers();
  }

  open(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** From now on every append throws this. */
  refuse(error: Error): void {
    this.#refusal = error;
  }

  load(): ReturnType<AuthLog['load']> {
    return this.#inner.load();
  }

  async append(seq: number, changes: Changes): Promise<void> {
    const record = decodeChanges(encodeChanges(changes));
    this.begun += 1;
    await this.#gate?.promise;
    if (this.#refusal) throw this.#refusal;
    await this.#inner.append(seq, changes);
    this.records.push(record);
  }

  async compact(seq: number, state: Changes): Promise<void> {
    await this.#inner.compact(seq, state);
  }

  async erase(): Promise<void> {
    await this.#inner.erase();
  }
}
