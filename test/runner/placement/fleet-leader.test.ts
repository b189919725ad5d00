import { expect, it } from 'vitest';
import { FleetLeader, peaceMs } from '#runner/placement/fleet-leader.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import type { Lease } from '#shared/repositories/lease-repository.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { listeningLog } from '../silent-log.ts';
import { aLease, aRunner } from './a-runner.ts';

const LEADER = { owner: 'a', term: 1, beat: 0 };

type LeaderAtWork = {
  readonly leases?: readonly Lease[];
  readonly refusedFrom?: number;
  readonly monotonicMs?: () => number;
};

/** Leads as `a`; its writes are refused from the `n`th on. */
function makeLeader({
  leases = [0, 1, 2, 3].map((shard) => aLease(shard, 'a')),
  refusedFrom = Number.POSITIVE_INFINITY,
  monotonicMs = () => 0,
}: LeaderAtWork = {}) {
  const written: [string, readonly number[]][] = [];
  const shares: (readonly number[])[] = [];
  const { log } = listeningLog();
  const leader = new FleetLeader({
    runnerId: 'a',
    shardCount: 4,
    leases: { list: async () => [...leases] },
    runners: {
      assign: async (runnerId, shards) => {
        written.push([runnerId, shards]);
        return written.length < refusedFrom;
      },
      markDead: async () => true,
      requestDrain: async () => true,
    },
    onOwnShare: (shards) => void shares.push(shards),
    timings: PLACEMENT_TIMINGS,
    metrics: recordedMetrics(),
    now: () => new Date('2026-11-22T12:00:00Z'),
    monotonicMs,
    log,
  });
  const round = async (...known: Runner[]) =>
    await leader.round({ leader: LEADER, known, silent: [] });
  return { written, shares, round };
}

const load = [0, 1, 2, 3].map((shard) => ({ shard, sessions: 10 }));

/** A round of `a`, which holds all four shards, and `b`, which has come. */
async function round(options: LeaderAtWork = {}) {
  const { written, shares, round: go } = makeLeader(options);
  await go(aRunner('a', { assigned: [0, 1, 2, 3], load }), aRunner('b'));
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

it('moves nothing for balance until the sessions of a dead runner may be up again', async () => {
  const clock = { ms: 0 };
  const leases = [...[0, 1, 2].map((shard) => aLease(shard, 'a')), aLease(3, 'dead')];
  const { round: go, written } = makeLeader({ leases, monotonicMs: () => clock.ms });
  const busy = aRunner('a', { assigned: [0, 1, 2], load: load.slice(0, 3) });
  await go(busy, aRunner('b'), aRunner('dead', { state: 'DEAD', load: load.slice(3) }));
  expect(written).toEqual([['b', [3]]]);
  leases[3] = aLease(3, 'b');
  const newcomer = aRunner('b', { assigned: [3], load: load.slice(3) });
  clock.ms = peaceMs({ sessions: 10, runners: 2 }) - 1;
  await go(busy, newcomer);
  expect(written).toHaveLength(1);
  clock.ms += 1;
  await go(busy, newcomer);
  expect(written.slice(1)).toEqual([
    ['b', [0, 3]],
    ['a', [1, 2]],
  ]);
});

it('shares out among all what one of them has not begun to log in', async () => {
  const leases = [0, 1, 2, 3].map((shard) => aLease(shard, 'a'));
  const { round: go, written } = makeLeader({ leases });
  const many = leases.map(({ shard }) => ({ shard, sessions: 100, waiting: 100 }));
  await go(aRunner('a', { assigned: [0, 1, 2, 3], load: many }), aRunner('b'));
  expect(written).toEqual([
    ['b', [2, 3]],
    ['a', [0, 1]],
  ]);
});
