import { expect, it, onTestFinished } from 'vitest';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { requireShardCount, ShardCountTooSmall } from '#shared/repositories/require-shard-count.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { anInstance } from '../domain/an-instance.ts';
import { openTable } from './open-table.ts';

it('lets the number grow, and shrink only where there are no instances', async () => {
  const home = await openTable();
  onTestFinished(async () => await home.close());
  const deps = {
    leases: new LeaseRepository(home.table),
    instances: new InstanceRepository(home.table),
  };
  await requireShardCount(4, deps);
  await new RunnerRepository(home.table).register('one', { at: new Date() });
  for (const lease of await deps.leases.list(6)) await deps.leases.claim(lease, 'one');
  await deps.instances.create(anInstance({ shard: 4 }));
  await requireShardCount(8, deps);
  await requireShardCount(5, deps);
  await expect(requireShardCount(4, deps)).rejects.toThrow(ShardCountTooSmall);
  await expect(requireShardCount(4, deps)).rejects.toThrow('shard 4 has 1 instances');
});
