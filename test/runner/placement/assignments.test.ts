import { describe, expect, it } from 'vitest';
import { estimateSessions, toAssignments, toPlannedShards } from '#runner/placement/assignments.ts';
import { aLease, aRunner } from './a-runner.ts';

const load = (...counts: [shard: number, sessions: number][]) =>
  counts.map(([shard, sessions]) => ({ shard, sessions }));

describe('estimateSessions', () => {
  it('rises at once and falls slowly, so that a shard that has just moved is not taken for empty', () => {
    const before = new Map([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
    const runners = [
      aRunner('a', { load: load([0, 30], [1, 0]) }),
      aRunner('dead', { state: 'DEAD', load: load([2, 99]) }),
    ];
    expect([...estimateSessions(runners, before)]).toEqual([
      [0, 30],
      [1, 8],
      [2, 10],
    ]);
  });
});

it('believes the last words of a dead runner where nothing else is known', () => {
  const runners = [aRunner('dead', { state: 'DEAD', load: load([2, 99]) })];
  expect([...estimateSessions(runners, new Map())]).toEqual([[2, 99]]);
});

describe('toPlannedShards', () => {
  const settings = { shardCount: 2, sessions: new Map([[0, 7]]) };

  it('tells who holds a shard and who is to, of those that live', () => {
    const runners = [
      aRunner('a', { assigned: [0] }),
      aRunner('b', { state: 'DEAD', assigned: [1] }),
    ];
    expect(toPlannedShards([aLease(0, 'a'), aLease(1, 'b')], runners, settings)).toEqual([
      { shard: 0, owner: 'a', target: 'a', sessions: 7, waiting: 7 },
      { shard: 1, owner: undefined, target: undefined, sessions: 0, waiting: 0 },
    ]);
  });

  it('tells how many sessions have not begun to log in, by the word of the one that holds them', () => {
    const waitingFor = (...runners: Parameters<typeof aRunner>[1][]) =>
      toPlannedShards(
        [aLease(0, 'a')],
        runners.map((runner, index) => aRunner(index === 0 ? 'a' : 'b', runner)),
        settings,
      )[0]?.waiting;
    expect(waitingFor({ load: [{ shard: 0, sessions: 7, waiting: 5 }] })).toBe(5);
    expect(waitingFor({ load: load([0, 7]) })).toBe(0);
    // More are expected than it knows of by now.
    expect(waitingFor({ load: load([0, 2]) })).toBe(5);
    expect(waitingFor({}, { load: load([0, 7]) })).toBe(7);
  });

  it('takes the one that does not hold it yet for the target while both are named', () => {
    const runners = [aRunner('a', { assigned: [0] }), aRunner('b', { assigned: [0] })];
    for (const [owner, target] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const [shard] = toPlannedShards([aLease(0, owner)], runners, settings);
      expect(shard).toMatchObject({ owner, target });
    }
  });

  it('knows of shards beyond the number only while somebody holds them', () => {
    const leases = [aLease(0), aLease(5, 'a'), aLease(6, 'gone'), aLease(7)];
    const shards = toPlannedShards(leases, [aRunner('a')], settings);
    expect(shards.map(({ shard }) => shard)).toEqual([0, 5]);
  });
});

describe('toAssignments', () => {
  it('names only the runners whose list changes, before and after', () => {
    const runners = [
      aRunner('a', { assigned: [0, 1] }),
      aRunner('b'),
      aRunner('c', { assigned: [2] }),
      aRunner('dead', { state: 'DEAD', assigned: [3] }),
    ];
    const shards = [
      { shard: 0, owner: 'a', target: 'a', sessions: 1 },
      { shard: 1, owner: 'a', target: 'a', sessions: 1 },
      { shard: 2, owner: 'c', target: 'c', sessions: 1 },
      { shard: 3, owner: undefined, target: undefined, sessions: 0 },
    ];
    const moves = [
      { shard: 1, to: 'b' },
      { shard: 3, to: 'b' },
    ];
    expect(toAssignments(runners, shards, moves)).toEqual([
      { runnerId: 'a', before: [0, 1], after: [0] },
      { runnerId: 'b', before: [], after: [1, 3] },
    ]);
  });

  it('leaves with a draining runner what nobody can take', () => {
    const runners = [aRunner('a', { state: 'DRAINING', assigned: [0] })];
    const shards = [{ shard: 0, owner: 'a', target: 'a', sessions: 1 }];
    expect(toAssignments(runners, shards, [])).toEqual([]);
  });
});
