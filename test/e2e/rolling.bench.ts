import { NO_VIOLATIONS } from './linked-instance.ts';
import { percentile, rollOver } from './rolling-restart.ts';

const RUNNERS = 3;
/** What a person may notice of a deployment. */
const GAP_MS_MAX = 3_000;

const startMs = performance.now();
const figures = await rollOver(
  {
    runners: RUNNERS,
    instances: 12,
    shardCount: 6,
    timingsScale: 1,
    messagesPerSecond: 50,
    replaced: RUNNERS,
  },
  (step) => {
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    process.stdout.write(`${seconds.padStart(6)} s  ${step}\n`);
  },
);
const { messages, disturbed, disordered, conflicts, moves, gapsMs } = figures;
const [p50, p99] = [percentile(gapsMs, 0.5), percentile(gapsMs, 0.99)];
process.stdout.write(
  [
    `messages           ${messages}: one lost or doubled in ${disturbed} sessions, out of order in ${disordered}`,
    `closed with 440    ${conflicts}`,
    `violations         ${JSON.stringify(figures.violations)}`,
    `moves of a session ${moves.join(' ')}`,
    `gap of a session   p50 ${p50} ms, p99 ${p99} ms, of ${gapsMs.length}`,
    '',
  ].join('\n'),
);
const isGood =
  disturbed === 0 &&
  conflicts === 0 &&
  Math.max(...moves) <= RUNNERS &&
  p99 <= GAP_MS_MAX &&
  JSON.stringify(figures.violations) === JSON.stringify(NO_VIOLATIONS);
process.exitCode = isGood ? 0 : 1;
