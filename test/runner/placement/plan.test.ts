import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAND, type Move, type PlannedShard } from '#runner/placement/draft.ts';
import { type PlannedRunner, plan } from '#runner/placement/plan.ts';
import { aRunner } from './a-runner.ts';

const ROUNDS_MAX = 2_000;

const runner = fc.record({
  state: fc.constantFrom<PlannedRunner['state']>('ALIVE', 'ALIVE', 'ALIVE', 'DRAINING', 'DEAD'),
  drainRequested: fc.boolean(),
  version: fc.constantFrom('v:1', 'v:2', undefined),
  second: fc.integer({ min: 0, max: 9 }),
});
const runners = fc.array(runner, { maxLength: 8 }).map((all) =>
  all.map(
    ({ state, drainRequested, version, second }, n): PlannedRunner =>
      aRunner(`r${n}`, {
        state,
        drainRequested,
        startedAt: `2026-11-22T12:00:0${second}.000Z`,
        ...(version !== undefined && { version }),
      }),
  ),
);
const name = fc.option(fc.constantFrom('r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'gone'), {
  nil: undefined,
});
const sessions = fc.integer({ min: 0, max: 64 });
const shards = fc
  .array(fc.record({ owner: name, target: name, sessions }), { maxLength: 120 })
  .map((all) => all.map((one, shard): PlannedShard => ({ shard, ...one })));

/** So many runners of one version, all alive. */
const fleet = (count: number) => Array.from({ length: count }, (_, n) => aRunner(`r${n}`));

/** What is so when all moves have been made. */
function carriedOut(before: readonly PlannedShard[], moves: readonly Move[]): PlannedShard[] {
  const moved = new Map(moves.map(({ shard, to }) => [shard, to]));
  return before.map((one) => {
    const home = moved.get(one.shard) ?? one.target ?? one.owner;
    return { ...one, owner: home, target: home };
  });
}

/** Round after round until nothing moves. */
function settle(known: readonly PlannedRunner[], before: readonly PlannedShard[]): PlannedShard[] {
  // What is on its way arrives.
  let current = carriedOut(before, plan(known, before));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const moves = plan(known, current);
    if (moves.length === 0) return current;
    current = carriedOut(current, moves);
  }
  throw new Error('It does not come to rest.');
}

function loadsOf(known: readonly PlannedRunner[], settled: readonly PlannedShard[]): number[] {
  return known.map(({ runnerId }) =>
    settled.reduce((sum, one) => sum + (one.owner === runnerId ? one.sessions + 1 : 0), 0),
  );
}

const homes = (settled: readonly PlannedShard[]) => settled.map(({ owner }) => owner);

describe('plan', () => {
  it('finds a living runner for every shard when there is one, and moves nothing else to none', () => {
    fc.assert(
      fc.property(runners, shards, (known, before) => {
        const takers = known.filter((one) => one.state === 'ALIVE' && !one.drainRequested);
        const ids = takers.map(({ runnerId }) => runnerId);
        const moves = plan(known, before);
        for (const { to } of moves) expect(ids).toContain(to);
        if (takers.length === 0) {
          expect(moves).toEqual([]);
          return;
        }
        const strays = homes(carriedOut(before, moves)).filter((home) => !ids.includes(home ?? ''));
        expect(strays).toEqual([]);
      }),
    );
  });

  it('gives nothing to an older version while there is a newer one', () => {
    fc.assert(
      fc.property(shards, (before) => {
        const known = [
          aRunner('r0', { version: 'v:2', startedAt: '2026-11-22T12:00:00.000Z' }),
          aRunner('r1', { version: 'v:1', startedAt: '2026-11-22T12:00:05.000Z' }),
        ];
        for (const { shard, to } of plan(known, before)) {
          const one = before[shard];
          if (to === 'r0') expect([one?.owner, one?.target]).toContain('r0');
        }
      }),
    );
  });

  it('comes to rest within the band, or where no move makes it better', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), shards, (count, before) => {
        const known = fleet(count);
        const settled = settle(known, before);
        const loads = loadsOf(known, settled);
        const mean = loads.reduce((sum, load) => sum + load, 0) / count;
        const [most, least] = [Math.max(...loads), Math.min(...loads)];
        const isInBand = most <= mean * (1 + BAND) && least >= mean * (1 - BAND);
        const biggest = Math.max(...before.map((one) => one.sessions + 1), 0);
        if (!isInBand) expect(most - least).toBeLessThanOrEqual(biggest);
        expect(plan(known, settled)).toEqual([]);
      }),
    );
  });

  it('stays at rest while the sessions come and go by a few percent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 60, maxLength: 60 }),
        (noise) => {
          const even = Array.from({ length: 60 }, (_, shard) => ({ shard, sessions: 40 }));
          const settled = settle(fleet(4), even);
          const noisy = settled.map((one) => ({ ...one, sessions: 40 + (noise[one.shard] ?? 0) }));
          expect(plan(fleet(4), noisy)).toEqual([]);
        },
      ),
    );
  });

  it('moves for balance no more than one shard in fifty at a time, what is on its way included', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.array(sessions, { minLength: 1, maxLength: 300 }),
        (count, loads) => {
          const known = fleet(count);
          const before = loads.map((one, shard): PlannedShard => {
            return { shard, owner: 'r0', target: 'r0', sessions: one };
          });
          const most = Math.max(1, Math.floor(before.length / 50));
          const moves = plan(known, before);
          expect(moves.length).toBeLessThanOrEqual(most);
          const moved = new Map(moves.map(({ shard, to }) => [shard, to]));
          const underWay = before.map((one) => ({ ...one, target: moved.get(one.shard) ?? 'r0' }));
          expect(plan(known, underWay).length).toBeLessThanOrEqual(most - moves.length);
        },
      ),
    );
  });

  it('moves only what it must when a runner leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), shards, fc.boolean(), (count, before, drains) => {
        const settled = settle(fleet(count), before);
        const left = fleet(count).map((one) =>
          one.runnerId === 'r1'
            ? { ...one, state: drains ? ('DRAINING' as const) : ('DEAD' as const) }
            : one,
        );
        const moves = plan(left, settled);
        const must = settled.filter(({ owner }) => owner === 'r1').map(({ shard }) => shard);
        const most = Math.max(1, Math.floor(settled.length / 50));
        const moved = moves.map(({ shard }) => shard);
        expect(moved).toEqual(expect.arrayContaining(must));
        expect(moved.length).toBeLessThanOrEqual(must.length + most);
      }),
    );
  });

  it('moves shards only to the one that joins, and about its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 10, max: 100 }),
        (count, size) => {
          const before = Array.from({ length: size }, (_, shard) => ({ shard, sessions: 30 }));
          const settled = settle(fleet(count), before);
          const joined = fleet(count + 1);
          const later = settle(joined, settled);
          const moved = later.filter((one, n) => one.owner !== settled[n]?.owner);
          for (const { owner } of moved) expect(owner).toBe(`r${count}`);
          expect(moved.length).toBeLessThanOrEqual(Math.ceil(size / (count + 1)));
        },
      ),
    );
  });

  it('says the same whatever the order of what it was told', () => {
    fc.assert(
      fc.property(runners, shards, fc.integer(), (known, before, seed) => {
        const turned = [...known].sort(
          (one, other) =>
            ((seed ^ one.runnerId.length) & 1 ? 1 : -1) *
            one.runnerId.localeCompare(other.runnerId),
        );
        const byShard = (one: Move, other: Move) => one.shard - other.shard;
        expect(plan(turned, before).sort(byShard)).toEqual(plan(known, before).sort(byShard));
      }),
    );
  });

  it('spreads the shards of a dead runner evenly over those that are left', () => {
    const known = [aRunner('r0', { state: 'DEAD' }), aRunner('r1'), aRunner('r2'), aRunner('r3')];
    const before = Array.from({ length: 9 }, (_, shard) => ({
      shard,
      owner: 'r0',
      target: 'r0',
      sessions: 10,
    }));
    expect(loadsOf(known.slice(1), carriedOut(before, plan(known, before)))).toEqual([33, 33, 33]);
  });

  it('has every runner log in a part of what a dead one held, however much room the newest has', () => {
    const known = [aRunner('r0', { state: 'DEAD' }), aRunner('r1'), aRunner('r2'), aRunner('r3')];
    const heldBy = (owner: string, first: number): PlannedShard[] =>
      Array.from({ length: 6 }, (_, n) => {
        return { shard: first + n, owner, target: owner, sessions: 10 };
      });
    const before = [...heldBy('r0', 0), ...heldBy('r1', 6), ...heldBy('r2', 12)];
    const moves = plan(known, before, { mayBalance: false });
    const adopted = moves.filter(({ shard }) => shard < 6).map(({ to }) => to);
    expect(adopted.sort()).toEqual(['r1', 'r1', 'r2', 'r2', 'r3', 'r3']);
  });

  describe('of a shard of which nothing is up yet', () => {
    const untouched = (owner: string, first: number, count: number): PlannedShard[] =>
      Array.from({ length: count }, (_, n) => {
        return { shard: first + n, owner, target: owner, sessions: 10, waiting: 10 };
      });

    it('has one that joins take its part, and those first that log in last', () => {
      const options = { mayBalance: false, moveCost: 10 };
      expect(plan([aRunner('r0'), aRunner('r1')], untouched('r0', 0, 6), options)).toEqual([
        { shard: 4, to: 'r1' },
        { shard: 5, to: 'r1' },
      ]);
    });

    it('takes nothing that has begun', () => {
      const begun = untouched('r0', 0, 6).map((one) => ({ ...one, waiting: 9 }));
      expect(plan([aRunner('r0'), aRunner('r1')], begun, { mayBalance: false })).toEqual([]);
    });

    it('sends nothing back that came for the sake of balance', () => {
      const settled = Array.from({ length: 6 }, (_, shard): PlannedShard => {
        return { shard, owner: 'r0', target: 'r0', sessions: 10, waiting: 0 };
      });
      const before = [...settled, ...untouched('r1', 6, 5)];
      expect(plan(fleet(2), before, { mayBalance: false })).toEqual([]);
    });

    it('moves them only where all are up sooner, whatever a move costs', () => {
      const owner = fc.integer({ min: 1, max: 6 });
      const arranged = fc.array(fc.record({ owner, sessions }), { maxLength: 40 });
      fc.assert(
        fc.property(arranged, fc.integer({ min: 0, max: 50 }), (all, moveCost) => {
          const known = fleet(7);
          const before = all.map((one, shard): PlannedShard => {
            const held = { owner: `r${one.owner}`, target: `r${one.owner}` };
            return { shard, ...held, sessions: one.sessions, waiting: one.sessions };
          });
          const waitingAt = (of: readonly PlannedShard[], runnerId: string) =>
            of.reduce((sum, one) => sum + (one.owner === runnerId ? one.sessions : 0), 0);
          const longest = Math.max(...known.map(({ runnerId }) => waitingAt(before, runnerId)));
          const moves = plan(known, before, { mayBalance: false, moveCost });
          const after = carriedOut(before, moves);
          for (const { to } of moves) {
            expect(waitingAt(after, to) + moveCost).toBeLessThan(longest);
          }
        }),
      );
    });
  });

  it('gives what a draining runner hands over to the one with most room', () => {
    const known = [aRunner('r0', { drainRequested: true }), aRunner('r1'), aRunner('r2')];
    const before = [0, 1, 2, 3].map((shard): PlannedShard => {
      const owner = shard < 2 ? 'r0' : 'r1';
      return { shard, owner, target: owner, sessions: 10 };
    });
    expect(plan(known, before).map(({ to }) => to)).toEqual(['r2', 'r2']);
  });

  it('leaves a shard where it is when the one that was to take it is gone', () => {
    const known = [aRunner('r0'), aRunner('r1', { state: 'DEAD' })];
    const before = [{ shard: 0, owner: 'r0', target: 'r1', sessions: 5 }];
    expect(plan(known, before)).toEqual([{ shard: 0, to: 'r0' }]);
  });
});
