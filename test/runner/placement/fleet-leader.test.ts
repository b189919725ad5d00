import { expect, it } from 'vitest';
import { FleetLeader } from '#runner/placement/fleet-leader.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { listeningLog } from '../silent-log.ts';
import { aLease, aRunner } from './a-runner.ts';

const LEADER = { owner: 'a', term: 1, beat: 0 };

/** A leader of `a`, which holds all four shards, and of `b`, which has come; its writes are refused from the `n`th on. */
async function round({ refusedFrom = Number.POSITIVE_INFINITY } = {}) {
  const written: [string, readonly number[]][] = [];
  const shares: (readonly number[])[] = [];
  const { log } = listeningLog();
  const leader = new FleetLeader({
    runnerId: 'a',
    shardCount: 4,
    leases: { list: async () => [0, 1, 2, 3].map((shard) => aLease(shard, 'a')) },
    runners: {
      assign: async (runnerId, shards) => {
        written.push([runnerId, shards]);
        return written.length < refusedFrom;
      },
      markDead: async () => true,
      requestDrain: async () => true,
    },
    onOwnShare: (shards) => void shares.push(shards),
    metrics: recordedMetrics(),
    now: () => new Date('2026-11-22T12:00:00Z'),
    log,
  });
  const load = [0, 1, 2, 3].map((shard) => ({ shard, sessions: 10 }));
  const known = [aRunner('a', { assigned: [0, 1, 2, 3], load }), aRunner('b')];
  await leader.round({ leader: LEADER, known, silent: [] });
  return { written, shares };
}

it('tells the one that is to have a shard before it tells the owner', async () => {
  const { written, shares } = await round();
  expect(written).toEqual([
    ['b', [0]],
    ['a', [1, 2, 3]],
  ]);
  expect(shares).toEqual([[1, 2, 3]]);
});

it('takes nothing from the owner when the other could not be told', async () => {
  const { written, shares } = await round({ refusedFrom: 1 });
  expect(written).toEqual([['b', [0]]]);
  expect(shares).toEqual([]);
});
