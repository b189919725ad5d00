import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';
import type { RunnerRepository, ShardLoad } from '#shared/repositories/runner-repository.ts';
import type { Fence } from './fence.ts';

export type HeartbeatDeps = {
  readonly runners: Pick<RunnerRepository, 'beat'>;
  readonly fence: Pick<Fence, 'renew' | 'close'>;
  /** Somebody asks the runner to drain. Called with each heartbeat that says so. */
  readonly onDrainRequested: () => void;
  /** What the runner is to work on, called with each heartbeat. */
  readonly onAssigned: (shards: readonly number[]) => void;
  readonly loads: () => readonly ShardLoad[];
  readonly timings: Pick<PlacementTimings, 'beatEveryMs'>;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/**
 * Says that the runner is alive until the signal aborts. A heartbeat that is not answered holds up no other; the
 * fence ends the runner before four of them wait.
 */
export async function beatUntil(
  runnerId: string,
  deps: HeartbeatDeps,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    await deps.sleep(deps.timings.beatEveryMs, signal).catch(() => undefined);
    if (signal.aborted) break;
    const beat = beatOnce(runnerId, deps, signal).finally(() => underWay.delete(beat));
    underWay.add(beat);
  }
  await Promise.all(underWay);
}

async function beatOnce(runnerId: string, deps: HeartbeatDeps, signal: AbortSignal): Promise<void> {
  const { runners, fence, loads, now, monotonicMs, log } = deps;
  const startedMs = monotonicMs();
  try {
    const outcome = await runners.beat(runnerId, now(), loads());
    // After the farewell the record is gone, and that is as it should be.
    if (signal.aborted) return;
    switch (outcome.kind) {
      case 'beaten':
        fence.renew(startedMs);
        deps.onAssigned(outcome.assigned);
        if (outcome.drainRequested) deps.onDrainRequested();
        return;
      case 'declared_dead':
        fence.close('declared_dead');
        return;
    }
  } catch (err) {
    // Perhaps it was written; as nobody can tell, it is no renewal.
    log.error({ err }, 'A heartbeat has no answer.');
  }
}
