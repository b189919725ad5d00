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

/** Runs simulations side by side. Resolves when all are over, or one has broken a promise: with that one. */
export async function runSeeds(
  { from, seeds, sizes, jobs }: SeedsToRun,
  onOutcome: (outcome: Outcome) => void,
): Promise<Outcome | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome | undefined>();
  let next = from;
  let under = 0;
  const workers = Array.from({ length: Math.min(jobs, seeds) }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { sizes } });
    const goOn = () => {
      if (next < from + seeds) {
        worker.postMessage(next);
        next += 1;
        under += 1;
      } else if (under === 0) resolve(undefined);
    };
    worker.on('message', (outcome: Outcome) => {
      under -= 1;
      onOutcome(outcome);
      if (outcome.violation) resolve(outcome);
      else goOn();
    });
    worker.on('error', reject);
    goOn();
    return worker;
  });
  const broken = await promise;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return broken;
}
