import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { ConditionFailed } from '#shared/storage/table.ts';
import { type OpenTable, openTable } from './open-table.ts';

const { deadAfterMs: DEAD_AFTER_MS } = PLACEMENT_TIMINGS;

let home: OpenTable;
let runners: RunnerRepository;
const at = (ms = 0) => new Date(home.clock.now.getTime() + ms);
const stateOf = async (id: string) =>
  (await runners.list()).find(({ runnerId }) => runnerId === id)?.state;

beforeEach(async () => {
  home = await openTable();
  onTestFinished(async () => await home.close());
  runners = new RunnerRepository(home.table);
});

describe('RunnerRepository', () => {
  it('keeps who a runner is and since when', async () => {
    await runners.register('one', { at: at(), version: 'runner:7' });
    expect(await runners.list()).toEqual([
      {
        runnerId: 'one',
        state: 'ALIVE',
        startedAt: at().toISOString(),
        beatAt: at().toISOString(),
        beat: 0,
        version: 'runner:7',
        drainRequested: false,
        assigned: [],
        load: [],
      },
    ]);
  });

  it('takes an id once, the dead included', async () => {
    await runners.register('one', { at: at() });
    await expect(runners.register('one', { at: at() })).rejects.toThrow(ConditionFailed);
    await runners.markDead('one', { at: at() });
    await expect(runners.register('one', { at: at() })).rejects.toThrow(ConditionFailed);
  });

  it('counts heartbeats, and tells in them that the runner is to drain', async () => {
    await runners.register('one', { at: at() });
    expect(await runners.beat('one', at(3_000))).toEqual({
      kind: 'beaten',
      drainRequested: false,
      assigned: [],
    });
    expect(await runners.requestDrain('one')).toBe(true);
    expect(await runners.beat('one', at(6_000))).toMatchObject({ drainRequested: true });
    const [runner] = await runners.list();
    expect(runner).toMatchObject({ beat: 2, beatAt: at(6_000).toISOString() });
  });

  it('tells in a heartbeat what the runner is to work on, and keeps what it holds', async () => {
    await runners.register('one', { at: at() });
    expect(await runners.assign('one', [2, 5])).toBe(true);
    const load = [{ shard: 2, sessions: 7 }];
    expect(await runners.beat('one', at(), load)).toMatchObject({ assigned: [2, 5] });
    expect(await runners.get('one')).toMatchObject({ assigned: [2, 5], load });
    await runners.markDead('one', { at: at() });
    expect(await runners.assign('one', [])).toBe(false);
    expect(await runners.assign('gone', [1])).toBe(false);
    expect(await runners.get('gone')).toBeUndefined();
  });

  it('believes the silence that it was told of', async () => {
    const hasty = new RunnerRepository(home.table, { deadAfterMs: 2_600 });
    await hasty.register('one', { at: at() });
    expect(await hasty.isAlive('one', at(2_599))).toBe(true);
    expect(await hasty.isAlive('one', at(2_600))).toBe(false);
  });

  it('goes on beating while it drains', async () => {
    await runners.register('one', { at: at() });
    expect(await runners.startDraining('one')).toBe(true);
    expect(await runners.beat('one', at())).toMatchObject({ kind: 'beaten' });
    expect(await stateOf('one')).toBe('DRAINING');
  });

  it('tells a runner that was declared dead, at whatever it tries', async () => {
    await runners.register('one', { at: at() });
    expect(await runners.markDead('one', { at: at() })).toBe(true);
    expect(await runners.beat('one', at())).toEqual({ kind: 'declared_dead' });
    expect(await runners.startDraining('one')).toBe(false);
    expect(await runners.requestDrain('one')).toBe(false);
    expect(await runners.markDead('one', { at: at() })).toBe(false);
    expect(await stateOf('one')).toBe('DEAD');
  });

  it('makes no record for a runner that is gone', async () => {
    expect(await runners.beat('gone', at())).toEqual({ kind: 'declared_dead' });
    expect(await runners.startDraining('gone')).toBe(false);
    expect(await runners.requestDrain('gone')).toBe(false);
    expect(await runners.markDead('gone', { at: at() })).toBe(false);
    expect(await runners.list()).toEqual([]);
  });

  it('declares nobody dead who has spoken since', async () => {
    await runners.register('one', { at: at() });
    await runners.beat('one', at());
    expect(await runners.markDead('one', { at: at(), beat: 0 })).toBe(false);
    expect(await stateOf('one')).toBe('ALIVE');
    expect(await runners.markDead('one', { at: at(), beat: 1 })).toBe(true);
  });

  it('lets one of twenty declare a runner dead', async () => {
    await runners.register('one', { at: at() });
    const marks = Array.from({ length: 20 }, () => runners.markDead('one', { at: at(), beat: 0 }));
    expect((await Promise.all(marks)).filter(Boolean)).toHaveLength(1);
  });

  it('keeps the dead for a day, and the living for good', async () => {
    await runners.register('dead', { at: at() });
    await runners.register('living', { at: at() });
    await runners.markDead('dead', { at: at() });
    home.clock.now = at(24 * 3_600_000 - 1_000);
    expect(await stateOf('dead')).toBe('DEAD');
    home.clock.now = at(2_000);
    expect((await runners.list()).map(({ runnerId }) => runnerId)).toEqual(['living']);
    expect(await runners.beat('dead', at())).toEqual({ kind: 'declared_dead' });
  });

  it('believes a runner until it is silent for too long, dead or gone', async () => {
    expect(await runners.isAlive('one', at())).toBe(false);
    await runners.register('one', { at: at() });
    expect(await runners.isAlive('one', at(DEAD_AFTER_MS - 1))).toBe(true);
    expect(await runners.isAlive('one', at(DEAD_AFTER_MS))).toBe(false);
    await runners.beat('one', at(3_000));
    await runners.startDraining('one');
    expect(await runners.isAlive('one', at(DEAD_AFTER_MS))).toBe(true);
    await runners.markDead('one', { at: at() });
    expect(await runners.isAlive('one', at(3_000))).toBe(false);
  });

  it('forgets one, or all', async () => {
    for (const id of ['one', 'two', 'three']) await runners.register(id, { at: at() });
    await runners.remove('two');
    expect((await runners.list()).map(({ runnerId }) => runnerId)).toEqual(['one', 'three']);
    await runners.removeAll();
    expect(await runners.list()).toEqual([]);
  });
});
