import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { untilWoken } from '../until-woken.ts';

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

/** A monotonic clock and the sleeps by it: both move only when the test says so. */
export class ScriptedTime {
  readonly timings = PLACEMENT_TIMINGS;
  readonly #sleepers = new Set<Sleeper>();
  #nowMs = 0;

  readonly monotonicMs = (): number => this.#nowMs;

  readonly now = (): Date => new Date(Date.parse('2026-11-22T12:00:00Z') + this.#nowMs);

  readonly sleep = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
    const dueMs = this.#nowMs + delayMs;
    await untilWoken(this.#sleepers, ({ wake }) => ({ dueMs, wake }), signal);
  };

  /** Time passes, and every sleep that ends meanwhile is woken when it is its time. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#sleepers].sort((one, other) => one.dueMs - other.dueMs);
      if (next === undefined || next.dueMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
    }
    this.#nowMs = endMs;
    await settled();
  }

  /** Time passes while the process is stopped: nothing is woken. */
  freeze(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
