import { expect, it } from 'vitest';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { startLocalSystem } from '../../../infra/local/local-system.ts';
import { anInstance } from '../../shared/domain/an-instance.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';

const OPTIONS = {
  PORT: 0,
  SIMULATOR_PORT: 0,
  SHARD_COUNT: 4,
  RUNNERS: 1,
  TIMINGS_SCALE: 1,
  MEDIA_DAYS: 30,
  LOG_LEVEL: 'silent',
  METRICS: 'none',
  OPEN_REGISTRATION: true,
  isLive: false,
} as const;

it('does not hasten its runners in live use', async () => {
  const { dataDir } = await openForTest();
  const options = { ...OPTIONS, DATA_DIR: dataDir, TIMINGS_SCALE: 0.2, isLive: true };
  await expect(startLocalSystem(options)).rejects.toThrow('TIMINGS_SCALE');
});

it('does not start with fewer shards than have instances', async () => {
  const { dataDir, storage } = await openForTest();
  const leases = new LeaseRepository(storage.table);
  await new RunnerRepository(storage.table).register('before', { at: new Date() });
  for (const lease of await leases.list(6)) await leases.claim(lease, 'before');
  await new InstanceRepository(storage.table).create(anInstance({ shard: 5 }));
  const starting = startLocalSystem({ ...OPTIONS, DATA_DIR: dataDir });
  await expect(starting).rejects.toThrow(
    'SHARD_COUNT is 4, but shard 5 has 1 instances. It may grow and never shrink: set it to 6 or more.',
  );
});
