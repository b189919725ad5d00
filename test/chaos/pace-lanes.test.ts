import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { paceLanes } from './pace-lanes.ts';
import { seededRandom } from './seeded-random.ts';

const NEVER = new AbortController().signal;
const PACE = { overMs: 40, atOnceMax: 8, random: seededRandom(1) };

it('does each piece once, and in a lane one after the other', async () => {
  const done: number[] = [];
  const busy = new Set<string>();
  let overlaps = 0;
  await paceLanes(
    { ...PACE, lanes: ['a', 'b', 'c'], count: 30 },
    async (lane, index) => {
      if (busy.has(lane)) overlaps += 1;
      busy.add(lane);
      await sleep(index % 3);
      busy.delete(lane);
      done.push(index);
    },
    NEVER,
  );
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  expect(overlaps).toBe(0);
});

it('spreads them over the time', async () => {
  const beganMs = performance.now();
  const startsMs: number[] = [];
  const work = async () => void startsMs.push(performance.now() - beganMs);
  await paceLanes({ ...PACE, overMs: 200, lanes: ['a', 'b'], count: 4 }, work, NEVER);
  for (const [index, startMs] of startsMs.entries()) {
    expect(startMs).toBeGreaterThanOrEqual(index * 50 - 2);
  }
});

it('has no more under way than it may', async () => {
  let underWay = 0;
  let most = 0;
  await paceLanes(
    { ...PACE, overMs: 0, lanes: [...'abcdefgh'], count: 24, atOnceMax: 3 },
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(2);
      underWay -= 1;
    },
    NEVER,
  );
  expect(most).toBe(3);
});

it('begins no more when the signal aborts, and ends what it began', async () => {
  const stop = new AbortController();
  const ended: number[] = [];
  await paceLanes(
    { ...PACE, lanes: ['a'], count: 1_000 },
    async (_, index) => {
      if (index === 2) stop.abort();
      await sleep(2);
      ended.push(index);
    },
    stop.signal,
  );
  expect(ended).toEqual([0, 1, 2]);
});
