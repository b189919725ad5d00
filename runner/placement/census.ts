import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { Placement } from './placement.ts';

const COUNT_EVERY_MS = 60_000;

export type CensusDeps = {
  readonly placement: Pick<Placement, 'sessionCount' | 'statuses'>;
  readonly metrics: Metrics;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** Tells once a minute how many sessions there are and how they are, until the signal aborts. */
export async function countUntil(deps: CensusDeps, signal: AbortSignal): Promise<void> {
  const { placement, metrics, sleep } = deps;
  while (!signal.aborted) {
    await sleep(COUNT_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const held = placement.sessionCount;
    const statuses = placement.statuses();
    metrics.add('SessionsHeld', held);
    metrics.add('SessionsDownShare', shareDown(held, statuses));
    const byStatus = Map.groupBy(statuses, (status) => status);
    for (const [status, those] of byStatus) metrics.add('Sessions', those.length, status);
  }
}

/** In percent of the sessions that are held. One that waits for a phone to scan its code is as it should be. */
function shareDown(held: number, statuses: readonly InstanceStatus[]): number {
  if (held === 0) return 0;
  const up = statuses.filter((status) => status === 'CONNECTED' || status === 'SCAN_QR').length;
  return (100 * Math.max(0, held - up)) / held;
}
