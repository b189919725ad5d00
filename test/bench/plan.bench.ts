import type { PlannedShard } from '#runner/placement/draft.ts';
import { plan } from '#runner/placement/plan.ts';
import { aRunner } from '../runner/placement/a-runner.ts';

const RUNNERS = 300;
const SHARDS = 1_600;
const SESSIONS_MAX = 64;
const ROUNDS = 40;
/** What a round of the greatest fleet may take. */
const BUDGET_MS = 20;

const runners = Array.from({ length: RUNNERS }, (_, n) => aRunner(`runner ${n}`));
const sessionsOf = (shard: number) => (shard * 7_919) % (SESSIONS_MAX + 1);
const fresh = Array.from({ length: SHARDS }, (_, shard): PlannedShard => {
  return { shard, sessions: sessionsOf(shard) };
});
/** As after a start with one tenth of the runners. */
const uneven = fresh.map((one): PlannedShard => {
  const home = `runner ${one.shard % (RUNNERS / 10)}`;
  return { ...one, owner: home, target: home };
});
/** As when all others start a moment after the first one. */
const untouched = fresh.map((one): PlannedShard => {
  return { ...one, owner: 'runner 0', target: 'runner 0', waiting: one.sessions };
});

/** The middle and the worst of many rounds, in milliseconds. */
function measure(shards: readonly PlannedShard[]): { middleMs: number; worstMs: number } {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    plan(runners, shards);
    took.push(performance.now() - startMs);
  }
  took.sort((one, other) => one - other);
  return { middleMs: took[ROUNDS / 2] ?? 0, worstMs: took.at(-1) ?? 0 };
}

let isGood = true;
for (const [name, shards] of Object.entries({ fresh, uneven, untouched })) {
  const { middleMs, worstMs } = measure(shards);
  isGood &&= middleMs <= BUDGET_MS;
  process.stdout.write(
    `${name}: ${RUNNERS} runners, ${SHARDS} shards: ${middleMs.toFixed(2)} ms (worst ${worstMs.toFixed(2)} ms), budget ${BUDGET_MS} ms\n`,
  );
}
process.exitCode = isGood ? 0 : 1;
