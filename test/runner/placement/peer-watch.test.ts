import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fence } from '#runner/placement/fence.ts';
import { PeerWatch } from '#runner/placement/peer-watch.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { aRunner } from './a-runner.ts';
import { ScriptedTime } from './scripted-time.ts';

const { deadAfterMs: DEAD_AFTER_MS } = PLACEMENT_TIMINGS;

const at = (ms: number) => ({ beganMs: ms, endedMs: ms });
const idsOf = (runners: readonly { runnerId: string }[]) => runners.map(({ runnerId }) => runnerId);

describe('PeerWatch', () => {
  it('suspects a runner whose heartbeat has not changed for thirteen seconds', () => {
    const watch = new PeerWatch(PLACEMENT_TIMINGS);
    const peer = aRunner('peer', { beat: 5 });
    expect(watch.observe([peer], at(1_000))).toEqual([]);
    expect(watch.observe([peer], at(1_000 + DEAD_AFTER_MS - 1))).toEqual([]);
    expect(watch.observe([peer], at(1_000 + DEAD_AFTER_MS))).toEqual([peer]);
  });

  it('counts from the last change, whatever the peer’s clock says', () => {
    const watch = new PeerWatch(PLACEMENT_TIMINGS);
    watch.observe([aRunner('peer', { beat: 1 })], at(0));
    watch.observe([aRunner('peer', { beat: 2, beatAt: '2001-01-01T00:00:00.000Z' })], at(12_000));
    const peer = aRunner('peer', { beat: 2, beatAt: '2001-01-01T00:00:00.000Z' });
    expect(watch.observe([peer], at(24_000))).toEqual([]);
    expect(idsOf(watch.observe([peer], at(25_000)))).toEqual(['peer']);
  });

  it('gives a slow read the benefit of the doubt at both ends', () => {
    const watch = new PeerWatch(PLACEMENT_TIMINGS);
    const peer = aRunner('peer');
    watch.observe([peer], { beganMs: 0, endedMs: 5_000 });
    expect(watch.observe([peer], { beganMs: 17_999, endedMs: 30_000 })).toEqual([]);
    expect(watch.observe([peer], { beganMs: 18_000, endedMs: 30_000 })).toEqual([peer]);
  });

  it('suspects those that drain, and not those that are dead or gone', () => {
    const watch = new PeerWatch(PLACEMENT_TIMINGS);
    const known = [aRunner('drains', { state: 'DRAINING' }), aRunner('dead', { state: 'DEAD' })];
    watch.observe([...known, aRunner('gone')], at(0));
    expect(idsOf(watch.observe(known, at(60_000)))).toEqual(['drains']);
  });

  it('begins anew with a runner that was gone for a while', () => {
    const watch = new PeerWatch(PLACEMENT_TIMINGS);
    const peer = aRunner('peer');
    watch.observe([peer], at(0));
    watch.observe([], at(1_000));
    expect(watch.observe([peer], at(60_000))).toEqual([]);
  });
});

/**
 * A runner and one who watches it, over a record on which each write takes place at one moment. The times between
 * asking, writing and answering are whatever chance makes of them; heartbeats are lost in both directions, and the
 * two clocks do not run alike.
 */
describe('fence and watch together', () => {
  const beat = fc.record({
    everyMs: fc.integer({ min: 1, max: 15_000 }),
    writtenMs: fc.integer({ min: 0, max: 9_000 }),
    answeredMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
    isLost: fc.boolean(),
  });
  const look = fc.record({
    everyMs: fc.integer({ min: 1, max: 6_000 }),
    readMs: fc.integer({ min: 0, max: 3_000 }),
    endedMs: fc.integer({ min: 0, max: 3_000 }),
    markedMs: fc.integer({ min: 0, max: 5_000 }),
  });
  /** Clocks go wrong by one percent at most. */
  const rate = fc.double({ min: 0.99, max: 1.01, noNaN: true });

  it('nobody is declared dead who has not let go before', () => {
    let deaths = 0;
    fc.assert(
      fc.property(
        fc.array(beat, { minLength: 1, maxLength: 12 }),
        fc.array(look, { minLength: 12, maxLength: 30 }),
        fc.tuple(rate, rate),
        (beats, looks, [ownRate, otherRate]) => {
          const world = new World(ownRate, otherRate);
          world.schedule(beats, looks);
          world.run();
          if (world.diedMs !== undefined) deaths += 1;
          expect(world.hadLetGo).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(deaths).toBeGreaterThan(100);
  });
});

type Beat = { everyMs: number; writtenMs: number; answeredMs: number | undefined; isLost: boolean };
type Look = { everyMs: number; readMs: number; endedMs: number; markedMs: number };

class World {
  diedMs: number | undefined;
  hadLetGo = true;
  readonly #rates: readonly [own: number, other: number];
  readonly #own = new ScriptedTime();
  readonly #fence = new Fence(0, this.#own);
  readonly #watch = new PeerWatch(PLACEMENT_TIMINGS);
  readonly #events: { atMs: number; happen: () => void }[] = [];
  #beat = 0;

  constructor(...rates: [own: number, other: number]) {
    this.#rates = rates;
  }

  schedule(beats: readonly Beat[], looks: readonly Look[]): void {
    let ms = 0;
    for (const beat of beats) {
      ms += beat.everyMs;
      this.#scheduleBeat(ms, beat);
    }
    ms = 0;
    for (const look of looks) {
      ms += look.everyMs;
      this.#scheduleLook(ms, look);
    }
  }

  run(): void {
    let nowMs = 0;
    for (const { atMs, happen } of this.#events.sort((one, other) => one.atMs - other.atMs)) {
      this.#own.freeze((atMs - nowMs) * this.#rates[0]);
      nowMs = atMs;
      happen();
    }
  }

  #scheduleBeat(startMs: number, { writtenMs, answeredMs, isLost }: Beat): void {
    if (isLost) return;
    const startedMs = startMs * this.#rates[0];
    let isGood = false;
    this.#at(startMs + writtenMs, () => {
      isGood = this.diedMs === undefined;
      if (isGood) this.#beat += 1;
    });
    if (answeredMs === undefined) return;
    this.#at(startMs + writtenMs + answeredMs, () => {
      if (isGood) this.#fence.renew(startedMs);
    });
  }

  #scheduleLook(startMs: number, { readMs, endedMs, markedMs }: Look): void {
    let seen = 0;
    const endMs = startMs + readMs + endedMs;
    this.#at(startMs + readMs, () => {
      seen = this.#beat;
    });
    this.#at(endMs, () => {
      const [, rate] = this.#rates;
      const read = { beganMs: startMs * rate, endedMs: endMs * rate };
      const silent = this.#watch.observe([aRunner('peer', { beat: seen })], read);
      if (silent.length > 0)
        this.#at(endMs + markedMs, () => this.#markDead(endMs + markedMs, seen));
    });
  }

  /** By compare-and-set on the heartbeat. */
  #markDead(atMs: number, seen: number): void {
    if (this.diedMs !== undefined || this.#beat !== seen) return;
    this.diedMs = atMs;
    this.hadLetGo = this.#fence.isClosed;
  }

  #at(atMs: number, happen: () => void): void {
    this.#events.push({ atMs, happen });
  }
}
