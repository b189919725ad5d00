import type { Lease } from '#shared/repositories/lease-repository.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';

const AT = '2026-11-22T12:00:00.000Z';

export function aRunner(runnerId: string, changes: Partial<Runner> = {}): Runner {
  return {
    runnerId,
    state: 'ALIVE',
    startedAt: AT,
    beatAt: AT,
    beat: 0,
    drainRequested: false,
    assigned: [],
    load: [],
    ...changes,
  };
}

export function aLease(shard: number, owner?: string, epoch = 1): Lease {
  return owner === undefined
    ? { shard, state: 'FREE', epoch }
    : { shard, state: 'HELD', owner, epoch };
}
