import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Leader, LeaderRepository, whileLed } from '#shared/repositories/leader-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { type OpenTable, openTable } from './open-table.ts';

const AT = new Date('2026-11-22T12:00:00Z');
const RACERS = 20;

let home: OpenTable;
let runners: RunnerRepository;
let leaders: LeaderRepository;

beforeEach(async () => {
  home = await openTable();
  onTestFinished(async () => await home.close());
  runners = new RunnerRepository(home.table);
  leaders = new LeaderRepository(home.table);
  for (const id of ['one', 'two']) await runners.register(id, { at: AT });
});

async function led(runnerId: string): Promise<Leader> {
  const leader = await leaders.acquire(await leaders.get(), runnerId);
  if (leader === undefined) throw new Error('The lock was not to be had.');
  return leader;
}

describe('LeaderRepository', () => {
  it('has nobody lead at first, and one when he has taken the lock', async () => {
    expect(await leaders.get()).toBeUndefined();
    expect(await led('one')).toEqual({ owner: 'one', term: 1, beat: 0 });
    expect(await leaders.get()).toEqual({ owner: 'one', term: 1, beat: 0 });
  });

  it('has one winner however many race', async () => {
    const ids = Array.from({ length: RACERS }, (_, n) => `racer ${n}`);
    for (const id of ids) await runners.register(id, { at: AT });
    const won = await Promise.all(ids.map((id) => leaders.acquire(undefined, id)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('takes nothing from a leader whose heart has beaten since', async () => {
    const seen = await led('one');
    const renewed = await leaders.renew(seen);
    expect(renewed).toEqual({ owner: 'one', term: 1, beat: 1 });
    expect(await leaders.acquire(seen, 'two')).toBeUndefined();
    expect(await leaders.acquire(renewed, 'two')).toEqual({ owner: 'two', term: 2, beat: 0 });
  });

  it('tells a leader that another leads', async () => {
    const before = await led('one');
    await led('two');
    expect(await leaders.renew(before)).toBeUndefined();
    await leaders.resign(before);
    expect(await leaders.get()).toMatchObject({ owner: 'two' });
  });

  it.each(['DRAINING', 'DEAD', 'gone'])('does not take a runner that is %s', async (state) => {
    if (state === 'DRAINING') await runners.startDraining('one');
    if (state === 'DEAD') await runners.markDead('one', { at: AT });
    if (state === 'gone') await runners.remove('one');
    expect(await leaders.acquire(undefined, 'one')).toBeUndefined();
  });

  it('is free when the leader resigns', async () => {
    await leaders.resign(await led('one'));
    expect(await leaders.get()).toBeUndefined();
    await led('two');
    await leaders.remove();
    expect(await leaders.get()).toBeUndefined();
  });

  it('lets only who leads assign', async () => {
    const before = await led('one');
    expect(await runners.assign('two', [1], whileLed(before))).toBe(true);
    const next = await led('two');
    expect(await runners.assign('two', [2], whileLed(before))).toBe(false);
    expect(await runners.get('two')).toMatchObject({ assigned: [1] });
    // Its term goes on while its heart beats.
    await leaders.renew(next);
    expect(await runners.assign('two', [2], whileLed(next))).toBe(true);
  });
});
