import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type HeldLease, LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { openTable } from './open-table.ts';

const AT = new Date('2026-11-22T12:00:00Z');
const CLAIMERS = 20;
const EPOCHS = 5;

let runners: RunnerRepository;
let leases: LeaseRepository;

beforeEach(async () => {
  const home = await openTable();
  onTestFinished(async () => await home.close());
  runners = new RunnerRepository(home.table);
  leases = new LeaseRepository(home.table);
  for (const id of ['one', 'two']) await runners.register(id, { at: AT });
});

async function leaseOf(shard: number) {
  const lease = (await leases.list(shard + 1))[shard];
  if (lease === undefined) throw new Error('There is no such shard.');
  return lease;
}

/** Claims a lease that is to be had. */
async function claimed(shard: number, runnerId: string): Promise<HeldLease> {
  const lease = await leases.claim(await leaseOf(shard), runnerId);
  if (lease === undefined) throw new Error('The lease was not to be had.');
  return lease;
}

describe('LeaseRepository', () => {
  it('shows every shard, those that nobody ever claimed as free', async () => {
    await claimed(1, 'one');
    expect(await leases.list(3)).toEqual([
      { shard: 0, state: 'FREE', epoch: 0 },
      { shard: 1, state: 'HELD', owner: 'one', epoch: 1 },
      { shard: 2, state: 'FREE', epoch: 0 },
    ]);
    expect(await leases.get(1)).toEqual({ shard: 1, state: 'HELD', owner: 'one', epoch: 1 });
    expect(await leases.get(2)).toEqual({ shard: 2, state: 'FREE', epoch: 0 });
  });

  it('shows those beyond the number, too, once somebody has claimed them', async () => {
    await claimed(3, 'one');
    expect(await leases.list(1)).toEqual([
      { shard: 0, state: 'FREE', epoch: 0 },
      { shard: 3, state: 'HELD', owner: 'one', epoch: 1 },
    ]);
  });

  it('counts an epoch with each claim', async () => {
    const first = await claimed(0, 'one');
    expect(await leases.release(first)).toBe(true);
    expect(await leaseOf(0)).toEqual({ shard: 0, state: 'FREE', epoch: 1 });
    expect(await claimed(0, 'two')).toEqual({ shard: 0, state: 'HELD', owner: 'two', epoch: 2 });
  });

  it.each(['ALIVE', 'DRAINING'])('gives nobody what a runner holds that is %s', async (state) => {
    await claimed(0, 'one');
    if (state === 'DRAINING') await runners.startDraining('one');
    expect(await leases.claim(await leaseOf(0), 'two')).toBeUndefined();
    expect(await leaseOf(0)).toMatchObject({ owner: 'one', epoch: 1 });
  });

  it('gives what a dead runner held to the next', async () => {
    await claimed(0, 'one');
    await runners.markDead('one', { at: AT });
    expect(await claimed(0, 'two')).toMatchObject({ owner: 'two', epoch: 2 });
  });

  it('gives what a runner held that is gone to the next', async () => {
    await claimed(0, 'one');
    await runners.remove('one');
    expect(await claimed(0, 'two')).toMatchObject({ owner: 'two', epoch: 2 });
  });

  it.each(['DRAINING', 'DEAD', 'gone'])('gives nothing to a runner that is %s', async (state) => {
    if (state === 'DRAINING') await runners.startDraining('two');
    if (state === 'DEAD') await runners.markDead('two', { at: AT });
    if (state === 'gone') await runners.remove('two');
    expect(await leases.claim(await leaseOf(0), 'two')).toBeUndefined();
    expect(await leaseOf(0)).toMatchObject({ state: 'FREE', epoch: 0 });
  });

  it('refuses a claim by what was true before', async () => {
    const fresh = await leaseOf(0);
    const first = await claimed(0, 'one');
    expect(await leases.claim(fresh, 'two')).toBeUndefined();
    await leases.release(first);
    const free = await leaseOf(0);
    await leases.release(await claimed(0, 'one'));
    expect(await leases.claim(free, 'two')).toBeUndefined();
    await runners.markDead('one', { at: AT });
    expect(await leases.claim(first, 'two')).toBeUndefined();
  });

  it('takes nothing back from the owner that came after', async () => {
    const lost = await claimed(0, 'one');
    await runners.markDead('one', { at: AT });
    const taken = await claimed(0, 'two');
    expect(await leases.release(lost)).toBe(false);
    expect(await leaseOf(0)).toEqual(taken);
    expect(await leases.release(taken)).toBe(true);
    expect(await leases.release(taken)).toBe(false);
  });

  it('has one winner an epoch, however many race', async () => {
    const ids = Array.from({ length: CLAIMERS }, (_, n) => `racer ${n}`);
    for (const id of ids) await runners.register(id, { at: AT });
    for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
      const seen = await leaseOf(0);
      const claims = await Promise.all(
        ids.flatMap((id) => [leases.claim(seen, id), leases.claim(seen, id)]),
      );
      const won = claims.filter((lease) => lease !== undefined);
      expect(won).toHaveLength(1);
      expect(await leaseOf(0)).toEqual(won[0]);
      expect(won[0]?.epoch).toBe(epoch);
      const owner = won[0]?.owner ?? '';
      ids.splice(ids.indexOf(owner), 1);
      await runners.markDead(owner, { at: AT });
    }
  });

  it('never lets a claim and a heartbeat of the owner both win', async () => {
    await claimed(0, 'one');
    const seen = await leaseOf(0);
    const [isDead, beat, claim] = await Promise.all([
      runners.markDead('one', { at: AT, beat: 0 }),
      runners.beat('one', AT),
      leases.claim(seen, 'two'),
    ]);
    expect(isDead).toBe(beat.kind === 'declared_dead');
    if (claim !== undefined) expect(beat.kind).toBe('declared_dead');
  });
});
