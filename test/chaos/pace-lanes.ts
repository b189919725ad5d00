import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from './seeded-random.ts';

/** How long it waits for a lane to be free. */
const LOOK_EVERY_MS = 5;

export type Pace<Lane> = {
  readonly lanes: readonly Lane[];
  readonly count: number;
  readonly overMs: number;
  /** More at once would only measure how this process waits. */
  readonly atOnceMax: number;
  readonly random: () => number;
};

/**
 * Does a piece of work so often, evenly over the time, each in a lane that chance chooses; in a lane one begins when
 * the one before is done. When it cannot keep up it takes longer. Resolves when all is done, or the signal aborts and
 * what was begun is done.
 */
export async function paceLanes<Lane>(
  { lanes, count, overMs, atOnceMax, random }: Pace<Lane>,
  work: (lane: Lane, index: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const free = new Set(lanes);
  const underWay = new Set<Promise<void>>();
  const beganMs = performance.now();
  for (let index = 0; index < count; index += 1) {
    const dueMs = beganMs + (overMs * index) / count;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 1) await sleep(earlyMs);
    while (!signal.aborted && (free.size === 0 || underWay.size >= atOnceMax)) {
      await sleep(LOOK_EVERY_MS);
    }
    if (signal.aborted) break;
    const lane = pick([...free], random);
    free.delete(lane);
    const piece = work(lane, index).finally(() => {
      free.add(lane);
      underWay.delete(piece);
    });
    underWay.add(piece);
  }
  await Promise.all(underWay);
}
