import { describe, expect, it } from 'vitest';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { keys } from '#shared/repositories/keys.ts';
import type { EmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { passTime, passTimeUntil } from './pass-time.ts';
import { type PlacementOptions, placementAtWork } from './placement-at-work.ts';
import { ScriptedTime } from './scripted-time.ts';

const { beatEveryMs, claimEveryMs, lookEveryMs, censusEveryMs } = PLACEMENT_TIMINGS;

type Work = Awaited<ReturnType<typeof placementAtWork>>;

async function start(storage: EmbeddedStorage, options: PlacementOptions = {}) {
  const work = await placementAtWork(storage, options);
  const ended = work.work();
  // A test that is interested waits for it.
  ended.catch(() => undefined);
  return { ...work, ended };
}

const isHeldBy =
  (work: Work, ...counts: [runnerId: string, count: number][]) =>
  async () => {
    const owners = await work.owners();
    return counts.every(
      ([runnerId, count]) =>
        owners.filter((owner) => owner.startsWith(`${runnerId} `)).length === count,
    );
  };

/** `one` holds all shards. */
async function alone(options: PlacementOptions = {}) {
  const { storage } = await openForTest();
  const one = await start(storage, options);
  const all: [string, number] = ['one', options.shardCount ?? 3];
  await passTimeUntil(one.time, { what: 'one holds all', withinMs: 0 }, isHeldBy(one, all));
  return { storage, one };
}

/** Two runners that share four shards. */
async function pair(options: PlacementOptions = {}) {
  const { storage, one } = await alone({ shardCount: 4, ...options });
  const other = await start(storage, {
    runnerId: 'two',
    shardCount: 4,
    time: one.time,
    ...options,
  });
  const even = isHeldBy(one, ['one', 2], ['two', 2]);
  await passTimeUntil(one.time, { what: 'they share', withinMs: 60_000 }, even);
  return { storage, one, other };
}

describe('Placement, claiming', () => {
  it('has a runner that is alone hold all shards at once', async () => {
    const { one } = await alone();
    expect(await one.owners()).toEqual(['one 1', 'one 1', 'one 1']);
    expect(one.told).toEqual(['start 0', 'start 1', 'start 2']);
    expect([one.placement.shardCount, one.placement.sessionCount]).toEqual([3, 30]);
    expect(one.leadership.isLeading).toBe(true);
  });

  it('shares the shards with whoever comes, and comes to rest', async () => {
    const { one, other } = await pair();
    const owners = await one.owners();
    expect(one.told.filter((what) => what.startsWith('closed'))).toHaveLength(2);
    expect(other.leadership.isLeading).toBe(false);
    await passTime(one.time, 60_000);
    expect(await one.owners()).toEqual(owners);
    expect([one.fence.isClosed, other.fence.isClosed]).toEqual([false, false]);
  });

  it('lets go of a shard only when the next owner stands at the door', async () => {
    const { storage, one } = await alone({ shardCount: 4 });
    const other = await start(storage, { runnerId: 'two', shardCount: 4, time: one.time });
    const isClosed = () => one.told.some((what) => what.startsWith('closed'));
    await passTimeUntil(one.time, { what: 'it lets go', withinMs: 20_000 }, isClosed);
    const isTaken = () => other.told.length === 1;
    const gap = { what: 'the other has it', withinMs: claimEveryMs };
    await passTimeUntil(one.time, gap, isTaken);
  });

  it('lets go at once of a shard of which nothing is up yet', async () => {
    const { storage, one } = await alone({ shardCount: 4 });
    for (const work of one.works) work.waitingCount = work.sessionCount;
    const other = await start(storage, { runnerId: 'two', shardCount: 4, time: one.time });
    const isTaken = () => other.told.length > 0;
    const withinMs = lookEveryMs + 2 * beatEveryMs + 2 * claimEveryMs;
    await passTimeUntil(one.time, { what: 'the other has one', withinMs }, isTaken);
  });

  it('shares the shards with whoever starts at the same time, each held by one', async () => {
    const { storage } = await openForTest();
    const time = new ScriptedTime();
    const ids = ['one', 'two', 'three'];
    const racers = await Promise.all(
      ids.map((runnerId) => start(storage, { runnerId, shardCount: 40, time })),
    );
    const [first] = racers;
    if (first === undefined) throw new Error('There is none.');
    const isHeld = async () => !(await first.owners()).includes('free');
    await passTimeUntil(time, { what: 'all are held', withinMs: 10_000 }, isHeld);
    const started = racers.flatMap(({ told }) => told.filter((what) => what.startsWith('start')));
    expect(new Set(started).size).toBe(40);
    const isEven = () => racers.every(({ placement }) => placement.shardCount >= 13);
    await passTimeUntil(time, { what: 'it is even', withinMs: 400_000 }, isEven);
    expect(racers.filter(({ leadership }) => leadership.isLeading)).toHaveLength(1);
    expect(racers.every(({ fence }) => !fence.isClosed)).toBe(true);
  });

  it('claims the shards of a dead runner at the next heartbeat', async () => {
    const { one, other } = await pair();
    other.die();
    await one.runners.markDead('two', { at: one.time.now() });
    const soon = { what: 'one holds all', withinMs: lookEveryMs + beatEveryMs };
    await passTimeUntil(one.time, soon, isHeldBy(one, ['one', 4]));
    // Somebody else declared it dead, and counted that.
    expect(one.metrics.figures).toEqual([]);
  });

  it('holds what it claimed when the answer was lost', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage);
    one.table.losesAnswer = (call) =>
      call.kind === 'write' &&
      call.ops.some(({ kind }) => kind === 'put') &&
      one.leadership.isLeading;
    void one.work();
    await passTime(one.time, 250);
    expect(one.told).toEqual([]);
    expect(one.sentences()).toContain('The claim of a shard has no answer.');
    one.table.losesAnswer = () => false;
    const holds = () => one.placement.shardCount === 3;
    await passTimeUntil(one.time, { what: 'it holds them', withinMs: lookEveryMs }, holds);
    expect(await one.owners()).toEqual(['one 1', 'one 1', 'one 1']);
  });

  it('starts a shard once when its claim takes long and the lease of another cannot be read', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage, { shardCount: 2 });
    const answer = Promise.withResolvers<void>();
    let isClaimed = false;
    one.table.holdsAnswer = (call) => {
      const ops = call.kind === 'write' ? JSON.stringify(call.ops) : '';
      if (!ops.includes(JSON.stringify(keys.lease(0).sk))) return undefined;
      isClaimed = true;
      return answer.promise;
    };
    one.table.isAway = (call) =>
      call.kind === 'get' && call.key.pk === keys.lease(1).pk && call.key.sk === keys.lease(1).sk;
    one.placement.assign([0, 1]);
    void one.placement.workUntil(one.drain.signal);
    await passTimeUntil(one.time, { what: 'it claims', withinMs: 0 }, () => isClaimed);
    await passTime(one.time, 2 * claimEveryMs);
    answer.resolve();
    one.table.isAway = () => false;
    const hasBoth = () => one.placement.shardCount === 2;
    await passTimeUntil(one.time, { what: 'it holds both', withinMs: claimEveryMs }, hasBoth);
    expect(one.told).toEqual(['start 0', 'start 1']);
    one.drain.abort();
  });

  it('takes up shards that are added', async () => {
    const { storage, one } = await alone({ shardCount: 2 });
    one.drain.abort();
    await passTime(one.time, 0);
    await one.ended;
    const next = await start(storage, { runnerId: 'two', shardCount: 6, time: one.time });
    const all = { what: 'it holds all', withinMs: beatEveryMs };
    await passTimeUntil(one.time, all, isHeldBy(next, ['two', 6]));
  });

  it('keeps the shards of a later configuration where they are, with a leader of the former', async () => {
    const { storage, one } = await alone({ shardCount: 2 });
    const later = await placementAtWork(storage, {
      runnerId: 'later',
      shardCount: 4,
      time: one.time,
    });
    const [, , third] = await later.leases.list(4);
    if (third !== undefined) await later.leases.claim(third, 'later');
    await later.runners.assign('later', [2]);
    void later.work();
    await passTime(one.time, 60_000);
    expect((await later.owners())[2]).toBe('later 1');
  });

  it('lets go of everything when a lease is another’s', async () => {
    const { storage, one } = await alone();
    const lease = await one.leases.get(1);
    if (lease.state === 'HELD') await one.leases.release(lease);
    await (await placementAtWork(storage, { runnerId: 'two', time: one.time })).leases.claim(
      await one.leases.get(1),
      'two',
    );
    await passTime(one.time, censusEveryMs);
    expect(await one.fence.closed).toBe('overruled');
    expect(one.sentences()).toContain('The lease of a shard is another’s.');
  });

  it('tells whether a lease is still its own', async () => {
    const { one } = await alone();
    expect(await one.placement.isLeaseOurs(0)).toBe(true);
    expect(await one.placement.isLeaseOurs(9)).toBe(false);
    expect(one.fence.isClosed).toBe(false);
    const lease = await one.leases.get(0);
    if (lease.state === 'HELD') await one.leases.release(lease);
    expect(await one.placement.isLeaseOurs(0)).toBe(false);
    expect(await one.fence.closed).toBe('overruled');
  });

  it('lets go of everything when the keeper of a shard breaks', async () => {
    const { one } = await alone({ closesAtOnce: false });
    one.works[1]?.ended.reject(new Error('broken'));
    expect(await one.fence.closed).toBe('broken');
  });
});

describe('Placement, draining', () => {
  it('hands over one shard after the other, each when somebody stands at the door', async () => {
    const { storage, one } = await alone({ closesAtOnce: false });
    const other = await start(storage, { runnerId: 'two', time: one.time });
    one.told.length = 0;
    one.drain.abort();
    const isTold = () => one.told.length > 0;
    await passTimeUntil(one.time, { what: 'the first is told to stop', withinMs: 15_000 }, isTold);
    await passTime(one.time, 2_000);
    expect(one.told).toHaveLength(1);
    expect(await isHeldBy(one, ['one', 3])()).toBe(true);
    for (const work of one.works) work.ended.resolve();
    const done = { what: 'all are handed over', withinMs: 10_000 };
    await passTimeUntil(one.time, done, isHeldBy(one, ['two', 3]));
    await one.ended;
    const order = one.told.map((what) => what.split(' ')[0]);
    expect(order).toEqual(['stop', 'closed', 'stop', 'closed', 'stop', 'closed']);
    expect(other.leadership.isLeading).toBe(true);
  });

  it('waits for nobody when nobody is there', async () => {
    const { one } = await alone();
    one.drain.abort();
    await passTimeUntil(one.time, { what: 'it is done', withinMs: 0 }, async () => {
      return (await one.owners()).every((owner) => owner === 'free');
    });
    await one.ended;
  });

  it('waits for nobody when all stop', async () => {
    const { one, other } = await pair();
    for (const { runnerId } of [one, other]) await one.runners.startDraining(runnerId);
    one.drain.abort();
    other.drain.abort();
    await passTimeUntil(one.time, { what: 'they are done', withinMs: 1_000 }, async () => {
      return (await one.owners()).every((owner) => owner === 'free');
    });
    await Promise.all([one.ended, other.ended]);
  });

  it('lets go all the same when nobody leads who could find another', async () => {
    const { storage, one } = await alone();
    await (await placementAtWork(storage, { runnerId: 'idle', time: one.time })).runners.list();
    one.drain.abort();
    // The other one beats, and does nothing else.
    await passTimeUntil(one.time, { what: 'it is done', withinMs: 30_000 }, async () => {
      return (await one.owners()).every((owner) => owner === 'free');
    });
  });

  it('gives a lease back again and again until it knows that it did', async () => {
    const { one } = await alone({ shardCount: 1 });
    one.table.losesAnswer = ({ kind }) => kind === 'write';
    one.drain.abort();
    const sentence = 'A lease could not be given back.';
    const failed = { what: 'it could not', withinMs: 1_000 };
    await passTimeUntil(one.time, failed, () => one.sentences().includes(sentence));
    one.table.losesAnswer = () => false;
    await passTime(one.time, 1_000);
    await one.ended;
    expect(await one.owners()).toEqual(['free']);
  });

  it('gives up when it is fenced meanwhile', async () => {
    const { one } = await alone({ shardCount: 1 });
    one.fence.close('declared_dead');
    one.drain.abort();
    await expect(one.ended).rejects.toThrow('declared_dead');
  });
});
