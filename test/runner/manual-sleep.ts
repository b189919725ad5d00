import { untilWoken } from './until-woken.ts';

type Sleeper = { readonly delayMs: number; readonly wake: () => void };

/** A `sleep` in which time passes only when the test says so. */
export class ManualSleep {
  readonly #sleepers = new Set<Sleeper>();
  /** Every delay that was asked for, in order. */
  readonly asked: number[] = [];

  readonly sleep = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.asked.push(delayMs);
    await untilWoken(this.#sleepers, ({ wake }) => ({ delayMs, wake }), signal);
  };

  /** The delays that are being slept now. */
  get asleep(): number[] {
    return [...this.#sleepers].map(({ delayMs }) => delayMs);
  }

  /** Ends all sleeps, or those of one length. */
  wake(delayMs?: number): void {
    for (const sleeper of this.#sleepers) {
      if (delayMs === undefined || sleeper.delayMs === delayMs) sleeper.wake();
    }
  }
}
