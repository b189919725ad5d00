import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fence, RunnerFenced } from '#runner/placement/fence.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { ScriptedTime } from './scripted-time.ts';

const { fenceAfterMs: FENCE_AFTER_MS } = PLACEMENT_TIMINGS;

function fenceAtWork() {
  const time = new ScriptedTime();
  const fence = new Fence(time.monotonicMs(), time);
  const stop = new AbortController();
  let cause: unknown;
  void fence.closed.then((why) => {
    cause = why;
  });
  return { time, fence, stop, watching: fence.watch(stop.signal), cause: () => cause };
}

describe('Fence', () => {
  it('closes by itself ten seconds after the runner was registered', async () => {
    const { time, fence, watching, cause } = fenceAtWork();
    await time.pass(FENCE_AFTER_MS - 1);
    expect(fence.isClosed).toBe(false);
    expect(cause()).toBeUndefined();
    await time.pass(1);
    await watching;
    expect(cause()).toBe('silent');
  });

  it('counts from when the last good heartbeat began', async () => {
    const { time, fence, cause } = fenceAtWork();
    await time.pass(4_000);
    fence.renew(3_000);
    // An older one that is heard of later takes nothing away.
    fence.renew(1_000);
    await time.pass(8_999);
    expect(fence.isClosed).toBe(false);
    await time.pass(1);
    expect(cause()).toBe('silent');
  });

  it('does not open again for a heartbeat that is heard of too late', async () => {
    const { time, fence } = fenceAtWork();
    time.freeze(FENCE_AFTER_MS);
    fence.renew(FENCE_AFTER_MS - 1);
    expect(fence.isClosed).toBe(true);
    fence.renew(time.monotonicMs());
    expect(fence.isClosed).toBe(true);
  });

  it('lets nobody through in a process that was frozen, before any timer has fired', async () => {
    const { time, fence, cause } = fenceAtWork();
    await time.pass(3_000);
    fence.renew(3_000);
    expect(() => fence.check()).not.toThrow();
    time.freeze(20_000);
    expect(() => fence.check()).toThrow(RunnerFenced);
    await fence.closed;
    expect(cause()).toBe('silent');
  });

  it('closes when it is told to, and remembers the first cause', async () => {
    const { fence } = fenceAtWork();
    fence.close('declared_dead');
    fence.close('overruled');
    expect(await fence.closed).toBe('declared_dead');
    expect(() => fence.check()).toThrow('declared_dead');
  });

  it('is watched no longer than somebody wants to know', async () => {
    const { time, fence, stop, watching } = fenceAtWork();
    stop.abort();
    await watching;
    await time.pass(1_000);
    expect(fence.isClosed).toBe(false);
  });

  it('is open just as long as no gap between good heartbeats was too long', () => {
    const step = fc.record({
      passedMs: fc.integer({ min: 0, max: 12_000 }),
      tookMs: fc.integer({ min: 0, max: 12_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const time = new ScriptedTime();
        const fence = new Fence(0, time);
        let lastGoodMs = 0;
        let isOpen = true;
        for (const { passedMs, tookMs } of steps) {
          time.freeze(passedMs);
          const nowMs = time.monotonicMs();
          isOpen &&= nowMs - lastGoodMs < FENCE_AFTER_MS;
          fence.renew(nowMs - tookMs);
          lastGoodMs = Math.max(lastGoodMs, nowMs - tookMs);
          expect(fence.isClosed).toBe(!isOpen);
        }
      }),
    );
  });
});
