import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './world/simulate.ts';

/** One of the threads of `runSeeds`: lives through the simulations that it is told, one after the other. */
parentPort?.on('message', (seed: number) => {
  const { sizes } = workerData;
  void simulate({ seed, sizes }).then((outcome) => parentPort?.postMessage(outcome));
});
