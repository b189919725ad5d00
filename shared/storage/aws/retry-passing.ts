import { watchAttempt } from './lost-answers.ts';

/** So many tries take about a second and a half together, and a transaction lasts some tens of milliseconds. */
const TRIES_MAX = 7;
const DELAY_MS_MIN = 25;

export type Ambient = {
  readonly now: () => Date;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
};

/** Tries again, later and later, while `isPassing` says that the fault may be gone by then. Throws the last fault. */
export async function retryPassing<T>(
  work: () => Promise<T>,
  isPassing: (fault: unknown) => boolean,
  { sleep, random }: Pick<Ambient, 'sleep' | 'random'>,
): Promise<T> {
  const call = {};
  for (let tries = 1; ; tries += 1) {
    try {
      return await watchAttempt(call, work);
    } catch (cause) {
      if (tries === TRIES_MAX || !isPassing(cause)) throw cause;
    }
    // Full jitter: those who met once shall not meet again.
    await sleep(random() * DELAY_MS_MIN * 2 ** tries);
  }
}
