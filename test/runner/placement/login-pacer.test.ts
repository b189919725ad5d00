import { describe, expect, it } from 'vitest';
import { LoginPacer } from '#runner/placement/login-pacer.ts';
import { FakeClock } from '../../shared/storage/embedded/fake-clock.ts';

const GAP_MS = 60;

function pacerAtWork() {
  const clock = new FakeClock();
  const slept: number[] = [];
  const sleep = async (delayMs: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    slept.push(delayMs);
  };
  return { pacer: new LoginPacer({ now: clock.now, sleep }), clock, slept };
}

describe('LoginPacer', () => {
  const never = new AbortController().signal;

  it('lets the first one in at once', async () => {
    const { pacer, slept } = pacerAtWork();
    await pacer.wait(never);
    expect(slept).toEqual([]);
  });

  it('lets those that come together in one after the other', async () => {
    const { pacer, slept } = pacerAtWork();
    await Promise.all(Array.from({ length: 5 }, () => pacer.wait(never)));
    expect(slept).toEqual([GAP_MS, 2 * GAP_MS, 3 * GAP_MS, 4 * GAP_MS]);
  });

  it('counts the time that has passed', async () => {
    const { pacer, clock, slept } = pacerAtWork();
    await pacer.wait(never);
    clock.move(20);
    await pacer.wait(never);
    clock.move(10 * GAP_MS);
    await pacer.wait(never);
    expect(slept).toEqual([GAP_MS - 20]);
  });

  it('lets nobody in who is no longer wanted', async () => {
    const { pacer } = pacerAtWork();
    await pacer.wait(never);
    await expect(pacer.wait(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
