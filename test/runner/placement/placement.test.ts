import { describe, expect, it } from 'vitest';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { placementAtWork } from './placement-at-work.ts';

const { deadAfterMs: DEAD_AFTER_MS } = PLACEMENT_TIMINGS;

type Work = Awaited<ReturnType<typeof placementAtWork>>;

/** `one` holds all three shards. */
async function twoRunners(): Promise<{ one: Work; other: Work }> {
  const { storage } = await openForTest();
  const one = await placementAtWork(storage);
  void one.claim();
  await one.looked();
  const other = await placementAtWork(storage, { runnerId: 'other' });
  void other.claim();
  await other.looked();
  return { one, other };
}

describe('Placement, claiming', () => {
  it('has the first runner hold all shards, and the next stand by', async () => {
    const { one, other } = await twoRunners();
    expect(await one.owners()).toEqual(['one 1', 'one 1', 'one 1']);
    expect(one.told).toEqual(['start 0', 'start 1', 'start 2']);
    expect([one.placement.shardCount, one.placement.sessionCount]).toEqual([3, 30]);
    await other.looked();
    expect(other.told).toEqual([]);
    expect([other.placement.shardCount, other.placement.sessionCount]).toEqual([0, 0]);
  });

  it('shares the shards with whoever claims at the same time, each held by one', async () => {
    const { storage } = await openForTest();
    const racers = await Promise.all(
      ['one', 'two', 'three'].map((runnerId) =>
        placementAtWork(storage, { runnerId, shardCount: 40 }),
      ),
    );
    for (const racer of racers) void racer.claim();
    await until('all are held', async () => {
      for (const { sleep } of racers) sleep.wake();
      return !(await racers[0]?.owners())?.includes('free');
    });
    const held = racers.flatMap(({ told }) => told);
    expect(held).toHaveLength(40);
    expect(new Set(held).size).toBe(40);
  });

  it('takes over at its next look from a runner that was declared dead', async () => {
    const { one, other } = await twoRunners();
    await other.runners.markDead('one', { at: other.time.now() });
    await other.looked();
    expect(await other.owners()).toEqual(['other 2', 'other 2', 'other 2']);
    expect(other.told).toEqual(['start 0', 'start 1', 'start 2']);
    // Somebody else declared it dead, and counted that.
    expect(other.metrics.figures).toEqual([]);
    await one.looked();
    expect(await one.fence.closed).toBe('overruled');
  });

  it('declares a runner dead that is silent for thirteen seconds, and takes over', async () => {
    const { other } = await twoRunners();
    other.time.freeze(DEAD_AFTER_MS - 1);
    await other.looked();
    expect(other.told).toEqual([]);
    other.time.freeze(1);
    await other.looked();
    expect(await other.owners()).toEqual(['other 2', 'other 2', 'other 2']);
    expect(other.metrics.figures).toEqual([['RunnersDied', 1]]);
    expect(other.sentences()).toContain('A runner has fallen silent; it is declared dead.');
  });

  it('takes nothing from a runner that beats', async () => {
    const { one, other } = await twoRunners();
    for (let seconds = 0; seconds < 30; seconds += 3) {
      await one.runners.beat('one', one.time.now());
      await other.runners.beat('other', other.time.now());
      other.time.freeze(3_000);
      await other.looked();
    }
    expect(other.told).toEqual([]);
    expect(other.metrics.figures).toEqual([]);
  });

  it('looks every second for shards to claim, and seldom when it holds them all', async () => {
    const { one, other } = await twoRunners();
    expect(one.sleep.asleep).toEqual([10_000]);
    expect(other.sleep.asleep).toEqual([1_000]);
  });

  it('never declares itself dead', async () => {
    const { one } = await twoRunners();
    await one.runners.remove('other');
    await one.looked();
    one.time.freeze(60_000);
    await one.looked();
    expect(await one.runners.list()).toMatchObject([{ runnerId: 'one', state: 'ALIVE' }]);
    expect(one.metrics.figures).toEqual([]);
  });

  it('holds what it claimed when the answer was lost', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage);
    one.table.losesAnswer = ({ kind }) => kind === 'write';
    void one.claim();
    await one.looked();
    expect(one.told).toEqual([]);
    expect(one.sentences()).toContain('The claim of a shard has no answer.');
    one.table.losesAnswer = () => false;
    await one.looked();
    expect(one.told).toEqual(['start 0', 'start 1', 'start 2']);
    expect(await one.owners()).toEqual(['one 1', 'one 1', 'one 1']);
  });

  it('goes on when the table was away', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage);
    one.table.isAway = ({ kind }) => kind === 'query';
    void one.claim();
    await one.looked();
    expect(one.sentences()).toContain('The leases could not be looked at.');
    one.table.isAway = () => false;
    await one.looked();
    expect(one.told).toHaveLength(3);
  });

  it('lets go of everything when the keeper of a shard breaks', async () => {
    const { one } = await twoRunners();
    one.works[1]?.ended.reject(new Error('broken'));
    expect(await one.fence.closed).toBe('broken');
  });

  it('asks runners of another version that started before to drain, once', async () => {
    const { storage } = await openForTest();
    const old = await placementAtWork(storage, { runnerId: 'old', version: 'runner:6' });
    const fresh = await placementAtWork(storage, { runnerId: 'fresh', version: 'runner:7' });
    void fresh.claim();
    await fresh.looked();
    await fresh.looked();
    const asked = 'A runner of another version is to drain.';
    expect(fresh.sentences().filter((sentence) => sentence === asked)).toHaveLength(1);
    expect(await old.runners.beat('old', old.time.now())).toMatchObject({ drainRequested: true });
    expect(await old.runners.beat('fresh', old.time.now())).toMatchObject({
      drainRequested: false,
    });
  });
});

describe('Placement, draining', () => {
  it('hands over one shard after the other, each when its sessions are closed', async () => {
    const { one, other } = await twoRunners();
    await one.looked();
    one.drain.abort();
    one.told.length = 0;
    const drained = one.placement.drain();
    await until('the first is told to stop', () => one.told.length > 0);
    expect(one.told).toEqual(['stop 0']);
    await other.looked();
    expect(await one.owners()).toEqual(['one 1', 'one 1', 'one 1']);

    one.works[0]?.ended.resolve();
    await until('it is let go', async () => (await one.owners())[0] === 'free');
    await other.looked();
    expect(await one.owners()).toEqual(['other 2', 'one 1', 'one 1']);
    // The next owner has ten sessions to log in, at 60 ms each.
    await until('it waits for the logins', () => one.sleep.asleep.includes(600));
    expect(one.told).toEqual(['stop 0', 'closed 0']);

    one.sleep.wake(600);
    for (const work of one.works) work.ended.resolve();
    const pauses = () => one.sleep.asked.filter((ms) => ms === 600).length;
    await until('it waits again', () => pauses() === 2);
    one.sleep.wake(600);
    await drained;
    expect(one.told.slice(2)).toEqual(['stop 1', 'closed 1', 'stop 2', 'closed 2']);
    await other.looked();
    expect(await one.owners()).toEqual(['other 2', 'other 2', 'other 2']);
    expect(one.placement.shardCount).toBe(0);
  });

  it('waits for nobody when nobody stands by', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage);
    void one.claim();
    await one.looked();
    for (const work of one.works) work.ended.resolve();
    one.drain.abort();
    await one.placement.drain();
    expect(await one.owners()).toEqual(['free', 'free', 'free']);
    expect(one.sleep.asleep).toEqual([]);
  });

  it('gives a lease back again and again until it knows that it did', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage, { shardCount: 1 });
    void one.claim();
    await one.looked();
    one.drain.abort();
    one.works[0]?.ended.resolve();
    one.table.losesAnswer = ({ kind }) => kind === 'write';
    const drained = one.placement.drain();
    const sentence = 'A lease could not be given back.';
    await until('it could not', () => one.sentences().includes(sentence));
    one.table.losesAnswer = () => false;
    await until('it waits', () => one.sleep.asleep.length > 0);
    one.sleep.wake();
    await drained;
    expect(await one.owners()).toEqual(['free']);
  });

  it('gives up when it is fenced meanwhile', async () => {
    const { storage } = await openForTest();
    const one = await placementAtWork(storage, { shardCount: 1 });
    void one.claim();
    await one.looked();
    one.drain.abort();
    one.works[0]?.ended.resolve();
    one.fence.close('declared_dead');
    await expect(one.placement.drain()).rejects.toThrow('declared_dead');
  });
});
