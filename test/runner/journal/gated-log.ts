import type { AuthLog } from '#runner/journal/auth-log.ts';
import { type Changes, decodeChanges, encodeChanges } from '#runner/journal/changes.ts';

/** A log whose appends the test can hold open or refuse; what goes through is written by the log inside. */
export class GatedLog implements AuthLog {
  readonly #inner: AuthLog;
  #gate: PromiseWithResolvers<void> | undefined;
  #snapshotGate: PromiseWithResolvers<void> | undefined;
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

  /** Lets the appends through, those that wait and those to come. */
  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Holds the snapshots open. Answers how they are let through, or fail. */
  shutSnapshots(): PromiseWithResolvers<void> {
    this.#snapshotGate = Promise.withResolvers();
    return this.#snapshotGate;
  }

  /** From now on every append throws this. */
  refuse(error: Error): void {
    this.#refusal = error;
  }

  open(): Promise<Changes> {
    return this.#inner.open();
  }

  /** What whoever opens it next finds. */
  async load(): Promise<{ readonly state: Changes }> {
    return { state: await this.#inner.open() };
  }

  async append(changes: Changes): Promise<void> {
    const record = decodeChanges(encodeChanges(changes));
    this.begun += 1;
    await this.#gate?.promise;
    if (this.#refusal) throw this.#refusal;
    await this.#inner.append(record);
    this.records.push(record);
  }

  get isSnapshotDue(): boolean {
    return this.#inner.isSnapshotDue;
  }

  async compact(whole: Uint8Array): Promise<void> {
    await this.#snapshotGate?.promise;
    await this.#inner.compact(whole);
  }

  async close(whole: () => Uint8Array): Promise<void> {
    await this.#inner.close(whole);
  }

  async erase(): Promise<void> {
    await this.#inner.erase();
  }
}
