import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { until } from '../../infra/local/until.ts';
import { ProcessTree } from './process-tree.ts';

const SHARD_COUNT = 4;
const ENV = { RUNNERS: '2', SHARD_COUNT: String(SHARD_COUNT), TIMINGS_SCALE: '0.3' };
/** Far less than a hand-over takes. */
const STOP_MS_MAX = 10_000;

const Shown = z.object({
  data: z.object({
    runners: z.array(
      z.object({
        id: z.string(),
        state: z.string(),
        shards: z.array(z.int()),
        is_leader: z.boolean(),
      }),
    ),
    shards: z.array(z.object({ shard: z.int(), owner: z.string().nullable() })),
  }),
});

let tree: ProcessTree;

beforeAll(async () => {
  tree = await ProcessTree.make();
  await tree.start(ENV);
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await tree.remove();
});

async function shown() {
  return Shown.parse((await (await tree.api()).call('GET', '/runners')).body).data;
}

/** Waits until two living runners share the shards. */
async function untilShared() {
  return await until('both to have their share', async () => {
    const { runners, shards } = await shown();
    const living = runners.filter(({ state }) => state === 'ALIVE');
    const counts = living.map((runner) => runner.shards.length);
    const isHeld = shards.every(({ owner }) => owner !== null);
    return isHeld && living.length === 2 && Math.max(...counts) === SHARD_COUNT / 2
      ? living
      : undefined;
  });
}

it('shares the shards among the runners of one machine, one of which leads', async () => {
  const living = await untilShared();
  expect(living.filter((runner) => runner.is_leader)).toHaveLength(1);
  expect(tree.runnerPids()).toHaveLength(2);
}, 40_000);

it('starts a runner again that was killed, and has it take its share', async () => {
  const before = (await shown()).runners.map(({ id }) => id);
  const [pid = 0] = tree.runnerPids();
  process.kill(pid, 'SIGKILL');
  await until('another process', async () => {
    const pids = tree.runnerPids();
    return (pids.length === 2 && !pids.includes(pid)) || undefined;
  });
  const living = await untilShared();
  expect(living.filter(({ id }) => !before.includes(id))).toHaveLength(1);
}, 60_000);

it('ends all of them side by side', async () => {
  const startMs = performance.now();
  expect(await tree.stop()).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(STOP_MS_MAX);
}, 30_000);
