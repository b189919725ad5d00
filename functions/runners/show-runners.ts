import type { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { Lease } from '#shared/repositories/lease-repository.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { requireAdmin } from './require-admin.ts';

/** A large system has more than a thousand shards, and each has a record of its own. */
const READS_AT_ONCE = 50;

type Needs = Pick<Deps, 'accounts' | 'config' | 'instances' | 'leaders' | 'leases' | 'runners'>;

/** Who works on what: for an operator. It tells nothing of any account. */
export const showRunners = defineRoute({
  auth: 'account',
  async run({ principal }, deps: Needs) {
    const { config, leaders, leases, runners, instances } = deps;
    await requireAdmin(principal, deps);
    const [known, leader, listed] = await Promise.all([
      runners.list(),
      leaders.get(),
      leases.list(config.shardCount),
    ]);
    const counts = await countInstances(listed, instances);
    return ok('ok', {
      runners: known.map((runner) => toRunnerView(runner, { leader: leader?.owner, listed })),
      shards: listed.map((lease, index) => toShardView(lease, counts[index] ?? 0)),
    });
  },
});

function toRunnerView(
  { runnerId, state, version, startedAt, beatAt, load }: Runner,
  { leader, listed }: { leader: string | undefined; listed: readonly Lease[] },
) {
  // What one that is dead told of last is nobody's word any more.
  const told = state === 'DEAD' ? [] : load;
  const held = listed.filter((lease) => lease.state === 'HELD' && lease.owner === runnerId);
  return {
    id: runnerId,
    state,
    version: version ?? null,
    started_at: startedAt,
    last_beat_at: beatAt,
    is_leader: runnerId === leader,
    shards: held.map(({ shard }) => shard),
    sessions: told.reduce((sum, { sessions }) => sum + sessions, 0),
  };
}

function toShardView(lease: Lease, instances: number) {
  const owner = lease.state === 'HELD' ? lease.owner : null;
  return { shard: lease.shard, owner, epoch: lease.epoch, state: lease.state, instances };
}

async function countInstances(
  listed: readonly Lease[],
  instances: Pick<InstanceRepository, 'shardLoad'>,
): Promise<number[]> {
  const counts: number[] = [];
  for (let from = 0; from < listed.length; from += READS_AT_ONCE) {
    const some = listed.slice(from, from + READS_AT_ONCE);
    counts.push(...(await Promise.all(some.map(({ shard }) => instances.shardLoad(shard)))));
  }
  return counts;
}
