import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '#simulation/time/event-heap.ts';

describe('EventHeap', () => {
  it('gives events in the order of their times, and of asking where these are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const heap = new EventHeap();
        for (const [order, atMs] of times.entries()) {
          heap.push({ atMs, order, run: () => undefined, isCanceled: false });
        }
        const given = times.map(() => heap.pop());
        expect(given.map((event) => [event?.atMs, event?.order])).toEqual(
          times.map((atMs, order) => [atMs, order]).toSorted(byTimeThenOrder),
        );
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});

function byTimeThenOrder([a = 0, first = 0]: number[], [b = 0, second = 0]: number[]): number {
  return a - b || first - second;
}
