import type { Logger } from 'pino';
import { BEAT_EVERY_MS, type RunnerRepository } from '#shared/repositories/runner-repository.ts';

export type HeartbeatDeps = {
  readonly runners: RunnerRepository;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/** Says that the runner is alive until the signal aborts, and then that it has ended. */
export async function beatUntil(
  runnerId: string,
  deps: HeartbeatDeps,
  signal: AbortSignal,
): Promise<void> {
  const { runners, now, sleep, log } = deps;
  while (!signal.aborted) {
    await sleep(BEAT_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) break;
    await runners.beat(runnerId, now()).catch((err: unknown) => {
      log.error({ err, runnerId }, 'A heartbeat could not be written.');
    });
  }
  await runners.remove(runnerId);
}
