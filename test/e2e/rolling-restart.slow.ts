import { expect, it } from 'vitest';
import { NO_VIOLATIONS } from './linked-instance.ts';
import { percentile, rollOver } from './rolling-restart.ts';

/** What a person may notice of a deployment. */
const GAP_MS_MAX = 3_000;

it('replaces a runner under traffic: nothing lost, no 440, each session moved once at most', async () => {
  const figures = await rollOver(
    {
      runners: 2,
      instances: 2,
      shardCount: 2,
      timingsScale: 0.4,
      messagesPerSecond: 12,
      replaced: 1,
    },
    () => undefined,
  );
  expect(figures).toMatchObject({ disturbed: 0, conflicts: 0, violations: NO_VIOLATIONS });
  expect(Math.max(...figures.moves)).toBeLessThanOrEqual(1);
  expect(percentile(figures.gapsMs, 0.99)).toBeLessThan(GAP_MS_MAX);
}, 60_000);
