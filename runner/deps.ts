import { setTimeout } from 'node:timers/promises';
import { ulid } from 'ulid';

/** Time and chance, passed to everything that needs them: tests bring their own. */
export type Ambient = {
  readonly now: () => Date;
  /** Milliseconds of a clock that is never set, and goes on while the process is stopped (CLOCK_MONOTONIC). */
  readonly monotonicMs: () => number;
  /** In [0, 1). */
  readonly jitter: () => number;
  readonly newId: () => string;
  /** Rejects when the signal aborts. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
};

export const realAmbient: Ambient = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  jitter: () => Math.random(),
  newId: () => ulid(),
  sleep: async (delayMs, signal) => {
    await setTimeout(delayMs, undefined, { ...(signal && { signal }) });
  },
};
