import { describe, expect, it } from 'vitest';
import { Chance } from '#simulation/time/chance.ts';
import { Host } from '#simulation/time/host.ts';
import { VirtualTime } from '#simulation/time/virtual-time.ts';

function aHost() {
  const time = new VirtualTime();
  return { time, host: new Host('one', time, new Chance(1)) };
}

describe('Host', () => {
  it('wakes a sleeper when its own clock says so, which is not the clock of the world', async () => {
    const { time, host } = aHost();
    let woken = false;
    void host.sleep(100_000).then(() => {
      woken = true;
    });
    await time.runUntil(98_000);
    expect(woken).toBe(false);
    await time.runUntil(102_000);
    expect(woken).toBe(true);
    expect(Math.abs(host.monotonicMs - 102_000)).toBeLessThan(1_100);
    expect(host.monotonicMs).not.toBe(102_000);
  });

  it('does nothing while it is paused, and then all at once, later by its clock', async () => {
    const { time, host } = aHost();
    const seenMs: number[] = [];
    for (const delayMs of [1_000, 2_000, 9_000]) {
      host.after(delayMs, () => seenMs.push(Math.round(time.nowMs)));
    }
    await time.runUntil(1_500);
    host.pause(5_000);
    await time.runUntil(6_000);
    expect(seenMs).toEqual([1_000]);
    await time.runUntil(10_000);
    expect(seenMs).toEqual([1_000, 6_500, 9_000]);
    expect(host.monotonicMs - host.awakeMs).toBeGreaterThan(4_900);
  });

  it('does nothing any more once it is down, and says so to those who ask to be told', async () => {
    const { time, host } = aHost();
    const told: string[] = [];
    host.onDown(() => told.push('down'));
    host.after(1_000, () => told.push('too late'));
    host.kill();
    host.kill();
    await time.runUntil(2_000);
    expect(told).toEqual(['down']);
  });

  it('wakes whoever gives up sleeping with the reason', async () => {
    const { time, host } = aHost();
    const stop = new AbortController();
    const sleeping = host.sleep(60_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await time.runUntil(1_000);
  });
});
