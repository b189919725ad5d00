import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './world/simulate.ts';
import type { Sizes } from './world/sizes.ts';

export type SeedsToRun = {
  readonly from: number;
  readonly seeds: number;
  readonly sizes: Sizes;
  /** Threads: simulations know nothing of each other. */
  readonly jobs: number;
};

/**
 * What waits in processes that were killed waits for good, and Node keeps signals that somebody listens to
 * (`AbortSignal.any`): so many lives end with their thread, which leaves nothing.
 */
const LIVES_PER_WORKER = 10;

/** Runs simulations side by side. Resolves when all are over, or one has broken a promise: with that one. */
export async function runSeeds(
  { from, seeds, sizes, jobs }: SeedsToRun,
  onOutcome: (outcome: Outcome) => void,
): Promise<Outcome | undefined> {
  const workers = new Set<Worker>();
  let next = from;
  let broken: Outcome | undefined;
  const isOver = () => next >= from + seeds || broken !== undefined;

  const liveThroughSome = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { sizes } });
    workers.add(worker);
    const ended = once(worker, 'exit');
    for (let lives = 0; lives < LIVES_PER_WORKER && !isOver(); lives += 1) {
      worker.postMessage(next);
      next += 1;
      const [outcome]: (Outcome | number)[] = await Promise.race([once(worker, 'message'), ended]);
      if (broken !== undefined) break;
      if (typeof outcome !== 'object') throw new Error('A thread of the simulation has ended.');
      onOutcome(outcome);
      if (outcome.violation) broken = outcome;
    }
    workers.delete(worker);
    await worker.terminate();
  };
  const liveThroughAll = async () => {
    while (!isOver()) await liveThroughSome();
    // The lives that are under way need not come to an end.
    if (broken !== undefined) await Promise.all([...workers].map((worker) => worker.terminate()));
  };

  await Promise.all(Array.from({ length: Math.min(jobs, seeds) }, liveThroughAll));
  return broken;
}
