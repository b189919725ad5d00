import type { InstanceRepository } from './instance-repository.ts';
import type { LeaseRepository } from './lease-repository.ts';

/** There are instances that nobody would work on. */
export class ShardCountTooSmall extends Error {
  override readonly name = 'ShardCountTooSmall';
}

export type ShardCountDeps = {
  readonly leases: Pick<LeaseRepository, 'list'>;
  readonly instances: Pick<InstanceRepository, 'shardLoad'>;
};

/** The number of shards may grow. Throws `ShardCountTooSmall` when a shard beyond it has instances. */
export async function requireShardCount(
  shardCount: number,
  { leases, instances }: ShardCountDeps,
): Promise<void> {
  const beyond = (await leases.list(shardCount)).filter(({ shard }) => shard >= shardCount);
  for (const { shard } of beyond) {
    const count = await instances.shardLoad(shard);
    if (count === 0) continue;
    throw new ShardCountTooSmall(
      `SHARD_COUNT is ${shardCount}, but shard ${shard} has ${count} instances. ` +
        `It may grow and never shrink: set it to ${Math.max(...beyond.map((lease) => lease.shard)) + 1} or more.`,
    );
  }
}
