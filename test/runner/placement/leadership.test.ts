import { describe, expect, it } from 'vitest';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { passTime, passTimeUntil } from './pass-time.ts';
import { placementAtWork } from './placement-at-work.ts';
import { ScriptedTime } from './scripted-time.ts';

const { beatEveryMs, deadAfterMs, lookEveryMs, censusEveryMs } = PLACEMENT_TIMINGS;
const SHARD_COUNT = 8;

/** Runners that start one after the other, the first of which leads; each has its share. */
async function fleetOf(count: number) {
  const { storage } = await openForTest();
  const time = new ScriptedTime();
  const fleet: Awaited<ReturnType<typeof placementAtWork>>[] = [];
  for (let n = 0; n < count; n += 1) {
    const options = { runnerId: `r${n}`, shardCount: SHARD_COUNT, time };
    const work = await placementAtWork(storage, options);
    fleet.push(work);
    void work.work().catch(() => undefined);
    await passTime(time, 1_000);
  }
  const share = SHARD_COUNT / count;
  const isEven = () => {
    const counts = fleet.map(({ placement }) => placement.shardCount);
    const sum = counts.reduce((total, held) => total + held, 0);
    return sum === SHARD_COUNT && Math.max(...counts) <= Math.ceil(share);
  };
  await passTimeUntil(time, { what: 'all have their share', withinMs: 200_000 }, isEven);
  return { storage, time, fleet };
}

const leading = (fleet: readonly { leadership: { isLeading: boolean } }[]) =>
  fleet.flatMap(({ leadership }, n) => (leadership.isLeading ? n : []));

describe('Leadership', () => {
  it('has the first runner lead', async () => {
    const { fleet } = await fleetOf(3);
    expect(leading(fleet)).toEqual([0]);
  });

  it('declares a silent runner dead after thirteen seconds, and gives its shards to the others', async () => {
    const { time, fleet } = await fleetOf(3);
    const [leader, , last] = fleet;
    if (leader === undefined || last === undefined) throw new Error('There are three.');
    last.die();
    await passTime(time, deadAfterMs - beatEveryMs);
    expect((await leader.owners()).some((owner) => owner.startsWith('r2 '))).toBe(true);
    const soon = { what: 'the others have all', withinMs: 3 * beatEveryMs + lookEveryMs };
    await passTimeUntil(time, soon, async () => {
      return (await leader.owners()).every((owner) => /^r[01] /.test(owner));
    });
    expect(leader.metrics.figures).toEqual([['RunnersDied', 1]]);
    expect(leader.sentences()).toContain('A runner has fallen silent; it is declared dead.');
  });

  it('replaces a leader that died, with one wait for both: its lead and its shards', async () => {
    const { time, fleet } = await fleetOf(3);
    const [leader, second, third] = fleet;
    if (!leader || !second || !third) throw new Error('There are three.');
    leader.die();
    const took = await passTimeUntil(
      time,
      { what: 'the others have all', withinMs: 60_000 },
      async () => (await second.owners()).every((owner) => /^r[12] /.test(owner)),
    );
    expect(took).toBeLessThanOrEqual(deadAfterMs + lookEveryMs + beatEveryMs + 1_000);
    expect(leading([second, third])).toHaveLength(1);
    expect((await second.runners.get('r0'))?.state).toBe('DEAD');
  });

  it('is taken over by those who do not watch when leader and watchers die together', async () => {
    const { time, fleet } = await fleetOf(4);
    for (const work of fleet.slice(0, 3)) work.die();
    const [last] = fleet.slice(3);
    const withinMs = 2 * censusEveryMs + deadAfterMs + 2 * beatEveryMs;
    await passTimeUntil(time, { what: 'the last has all', withinMs }, () => {
      return last?.placement.shardCount === SHARD_COUNT;
    });
  });

  it('takes nothing from runners that beat, and never declares itself dead', async () => {
    const { time, fleet } = await fleetOf(3);
    const [leader] = fleet;
    const owners = await leader?.owners();
    await passTime(time, 60_000);
    expect(await leader?.owners()).toEqual(owners);
    expect(fleet.flatMap(({ metrics }) => metrics.figures)).toEqual([]);
  });

  it('is given up by a leader that drains, and taken by the next at its next look', async () => {
    const { time, fleet } = await fleetOf(2);
    fleet[0]?.drain.abort();
    await passTimeUntil(time, { what: 'the next leads', withinMs: lookEveryMs + 500 }, () => {
      return fleet[1]?.leadership.isLeading === true;
    });
  });

  it('changes nothing while the table cannot be looked at', async () => {
    const { time, fleet } = await fleetOf(2);
    const [one, two] = fleet;
    const owners = await one?.owners();
    for (const { table } of fleet) table.isAway = ({ kind }) => kind === 'query';
    await passTime(time, 30_000);
    expect(one?.sentences()).toContain('The runners could not be looked at.');
    expect(await one?.owners()).toEqual(owners);
    expect([one?.fence.isClosed, two?.fence.isClosed]).toEqual([false, false]);
    for (const { table } of fleet) table.isAway = () => false;
    await passTime(time, 30_000);
    expect(await one?.owners()).toEqual(owners);
  });

  it('empties the runners of an older version onto the new ones, each shard moved once', async () => {
    const { storage } = await openForTest();
    const time = new ScriptedTime();
    const start = async (runnerId: string, version: string) => {
      const options = { runnerId, version, shardCount: SHARD_COUNT, time };
      const work = await placementAtWork(storage, options);
      return { work, ended: work.work() };
    };
    const older = await start('older', 'v:1');
    await passTime(time, 2_000);
    const newer = await start('newer', 'v:2');
    const done = { what: 'the newer has all', withinMs: 60_000 };
    await passTimeUntil(time, done, () => newer.work.placement.shardCount === SHARD_COUNT);
    await older.ended;
    expect(await newer.work.owners()).toEqual(Array(SHARD_COUNT).fill('newer 2'));
  });
});
