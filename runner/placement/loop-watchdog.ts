import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';

const TICK_MS = 250;
/** A loop that is so late holds up every session. */
const LAG_MS_MAX = 2_000;

export type WatchdogDeps = {
  readonly timings: Pick<PlacementTimings, 'fenceAfterMs'>;
  readonly monotonicMs: () => number;
  readonly log: Logger;
};

/**
 * Ends the process when its event loop has not run for longer than the fence allows: the fence's own timer would not
 * run either, and its sockets would stay open. A thread of its own counts; the loop shows that it runs, and says so in
 * the log when it was late. Answers how to end it.
 */
export function watchLoop({ timings, monotonicMs, log }: WatchdogDeps): () => Promise<void> {
  const ticks = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL('./loop-watchdog-worker.ts', import.meta.url), {
    // What the process was started with is not for the thread.
    execArgv: [],
    workerData: { ticks, tickMs: TICK_MS, lateMs: timings.fenceAfterMs },
  });
  worker.unref();
  worker.on('error', (err) => log.error({ err }, 'The event loop is watched no longer.'));
  let lastMs = monotonicMs();
  const timer = setInterval(() => {
    Atomics.add(ticks, 0, 1);
    const nowMs = monotonicMs();
    const lagMs = Math.round(nowMs - lastMs - TICK_MS);
    lastMs = nowMs;
    if (lagMs > LAG_MS_MAX) log.warn({ lagMs }, 'The event loop was late.');
  }, TICK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await worker.terminate();
  };
}
