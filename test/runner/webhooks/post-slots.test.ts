import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PostSlots } from '#runner/webhooks/post-slots.ts';

const { signal: NEVER } = new AbortController();

describe('PostSlots', () => {
  it('gives no more than there are, and goes on as they come back', async () => {
    const slots = new PostSlots(2);
    let inUse = 0;
    let most = 0;
    const work = async (owner: string) => {
      const giveBack = await slots.take(owner, NEVER);
      inUse += 1;
      most = Math.max(most, inUse);
      await setImmediate();
      inUse -= 1;
      giveBack?.();
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => work(`owner ${n % 7}`)));
    expect([most, inUse]).toEqual([2, 0]);
  });

  it('lets an owner who has none go before one who has some', async () => {
    const slots = new PostSlots(3);
    const held = await Promise.all([1, 2, 3].map(() => slots.take('greedy', NEVER)));
    const order: string[] = [];
    const ask = async (owner: string) => {
      await slots.take(owner, NEVER);
      order.push(owner);
    };
    void ask('greedy');
    void ask('greedy');
    void ask('modest');
    for (const giveBack of held) {
      giveBack?.();
      await setImmediate();
    }
    expect(order).toEqual(['modest', 'greedy', 'greedy']);
  });

  it('lets who waits no longer go, and gives the slot to the next', async () => {
    const slots = new PostSlots(1);
    const held = await slots.take('one', NEVER);
    const gone = new AbortController();
    const left = slots.take('two', gone.signal);
    const stays = slots.take('three', NEVER);
    gone.abort();
    expect(await left).toBeUndefined();
    expect(await slots.take('four', gone.signal)).toBeUndefined();
    held?.();
    expect(await stays).toBeDefined();
  });
});
