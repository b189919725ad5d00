import type { Logger } from 'pino';
import type { HeldLease, LeaseRepository } from '#shared/repositories/lease-repository.ts';
import type { Fence } from './fence.ts';

/** After a fault of the table. */
const FAULT_DELAY_MS = 1_000;

export type ReleaseDeps = {
  readonly leases: Pick<LeaseRepository, 'release'>;
  readonly fence: Pick<Fence, 'check'>;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly log: Logger;
};

/** Tries for as long as the runner lives: a lease that is not given back keeps the shard from all others. */
export async function releaseLease(lease: HeldLease, deps: ReleaseDeps): Promise<void> {
  const { leases, fence, sleep, log } = deps;
  for (;;) {
    fence.check();
    try {
      // It is no longer ours when an earlier try, or the SDK's, had no answer.
      await leases.release(lease);
      return;
    } catch (err) {
      log.error({ err, shard: lease.shard }, 'A lease could not be given back.');
      await sleep(FAULT_DELAY_MS);
    }
  }
}
