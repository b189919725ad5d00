import { describe, expect, it } from 'vitest';
import { Fence } from '#runner/placement/fence.ts';
import { beatUntil } from '#runner/placement/heartbeat.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import {
  type BeatOutcome,
  RunnerRepository,
  type ShardLoad,
} from '#shared/repositories/runner-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { listeningLog } from '../silent-log.ts';
import { ScriptedTime } from './scripted-time.ts';

const { fenceAfterMs: FENCE_AFTER_MS, beatEveryMs: BEAT_EVERY_MS } = PLACEMENT_TIMINGS;

const GOOD: BeatOutcome = { kind: 'beaten', drainRequested: false, assigned: [1, 2] };

/** A heart whose heartbeats the test answers: `answer` is asked at once, and may take its time. */
function heartAtWork(answer: (time: ScriptedTime) => Promise<BeatOutcome>) {
  const time = new ScriptedTime();
  const fence = new Fence(time.monotonicMs(), time);
  const stop = new AbortController();
  const { log, sentences } = listeningLog();
  const beats: number[] = [];
  const told: (readonly number[])[] = [];
  const shown: (readonly ShardLoad[])[] = [];
  let drains = 0;
  const deps = {
    ...time,
    fence,
    log,
    onDrainRequested: () => {
      drains += 1;
    },
    onAssigned: (shards: readonly number[]) => void told.push(shards),
    loads: () => [{ shard: 1, sessions: beats.length }],
    runners: {
      beat: async (_id: string, _at: Date, load: readonly ShardLoad[] = []) => {
        shown.push(load);
        beats.push(time.monotonicMs());
        return await answer(time);
      },
    },
  };
  const beating = beatUntil('runner', deps, stop.signal);
  void fence.watch(stop.signal);
  return { time, fence, stop, told, shown, beats, beating, sentences, drains: () => drains };
}

const never = () => new Promise<never>(() => undefined);

describe('beatUntil', () => {
  it('beats every three seconds, and keeps the fence open', async () => {
    const { time, fence, beats, stop, beating } = heartAtWork(async () => GOOD);
    await time.pass(60_000);
    expect(beats).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) * BEAT_EVERY_MS));
    expect(fence.isClosed).toBe(false);
    stop.abort();
    await beating;
  });

  it('shows what the runner holds, and hears what it is to work on', async () => {
    const { time, told, shown } = heartAtWork(async () => GOOD);
    await time.pass(2 * BEAT_EVERY_MS);
    expect(shown).toEqual([[{ shard: 1, sessions: 0 }], [{ shard: 1, sessions: 1 }]]);
    expect(told).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('takes an unknown answer for no renewal', async () => {
    const { time, fence, sentences } = heartAtWork(async (at) => {
      if (at.monotonicMs() > 6_000) throw new Error('the table is away');
      return GOOD;
    });
    await time.pass(6_000 + FENCE_AFTER_MS - 1);
    expect(fence.isClosed).toBe(false);
    expect(sentences()).toContain('A heartbeat has no answer.');
    await time.pass(1);
    expect(await fence.closed).toBe('silent');
  });

  it('goes on after unknown answers, in time', async () => {
    const { time, fence } = heartAtWork(async (at) => {
      if (at.monotonicMs() < 9_000) throw new Error('the table is away');
      return GOOD;
    });
    await time.pass(30_000);
    expect(fence.isClosed).toBe(false);
  });

  it('does not wait for an answer that does not come, and is fenced', async () => {
    const { time, fence, beats } = heartAtWork(never);
    await time.pass(FENCE_AFTER_MS);
    expect(beats).toEqual([3_000, 6_000, 9_000]);
    expect(await fence.closed).toBe('silent');
  });

  it('counts a late answer from when it was asked for', async () => {
    const { time, fence } = heartAtWork(async (at) => {
      if (at.monotonicMs() > 3_000) return await never();
      await at.sleep(6_500);
      return GOOD;
    });
    await time.pass(3_000 + FENCE_AFTER_MS - 1);
    expect(fence.isClosed).toBe(false);
    await time.pass(1);
    expect(await fence.closed).toBe('silent');
  });

  it('believes no answer that comes when it is too late', async () => {
    const { time, fence } = heartAtWork(async (at) => {
      await at.sleep(7_001);
      return GOOD;
    });
    await time.pass(60_000);
    expect(await fence.closed).toBe('silent');
  });

  it('is fenced when its process was frozen, whatever the table says then', async () => {
    const { time, fence } = heartAtWork(async () => GOOD);
    await time.pass(9_000);
    time.freeze(FENCE_AFTER_MS);
    await time.pass(BEAT_EVERY_MS);
    expect(await fence.closed).toBe('silent');
  });

  it('is fenced at once when it was declared dead', async () => {
    const { time, fence } = heartAtWork(async () => ({ kind: 'declared_dead' }));
    await time.pass(BEAT_EVERY_MS);
    expect(await fence.closed).toBe('declared_dead');
  });

  it('hears that it is to drain', async () => {
    const { time, drains } = heartAtWork(async () => ({ ...GOOD, drainRequested: true }));
    await time.pass(BEAT_EVERY_MS - 1);
    expect(drains()).toBe(0);
    await time.pass(1);
    expect(drains()).toBe(1);
  });

  it('does not mind that its record is gone after its farewell', async () => {
    const answer = Promise.withResolvers<BeatOutcome>();
    const { time, fence, stop, beating } = heartAtWork(() => answer.promise);
    await time.pass(BEAT_EVERY_MS);
    stop.abort();
    answer.resolve({ kind: 'declared_dead' });
    await beating;
    expect(fence.isClosed).toBe(false);
  });

  it('learns from the table that somebody declared it dead', async () => {
    const { storage } = await openForTest();
    const time = new ScriptedTime();
    const fence = new Fence(0, time);
    const runners = new RunnerRepository(storage.table);
    await runners.register('runner', { at: time.now() });
    const stop = new AbortController();
    const { log } = listeningLog();
    const onDrainRequested = () => undefined;
    const onAssigned = () => undefined;
    const loads = () => [];
    const beating = beatUntil(
      'runner',
      { ...time, runners, fence, onDrainRequested, onAssigned, loads, log },
      stop.signal,
    );
    await time.pass(BEAT_EVERY_MS);
    await until('it has beaten', async () => (await runners.list())[0]?.beat === 1);
    expect(await runners.markDead('runner', { at: time.now() })).toBe(true);
    await time.pass(BEAT_EVERY_MS);
    expect(await fence.closed).toBe('declared_dead');
    stop.abort();
    await beating;
  });
});
