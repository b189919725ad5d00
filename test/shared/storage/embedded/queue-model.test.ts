import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckedQueue } from './checked-queue.ts';
import { openForTest } from './open-for-test.ts';

const VISIBILITY_MS = 10_000;
const STEPS_MAX = 60;
const HELD_MAX = 5;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b', 'c'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      max: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 4_000, 11_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('ack' as const, 'release' as const, 'extend' as const),
      position: fc.nat(HELD_MAX),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('a FIFO queue under any sequence of calls', () => {
  it('gives each group in order, to one holder at a time, until all is acked', async () => {
    const { storage, clock } = await openForTest();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: STEPS_MAX, size: 'max' }), async (steps) => {
        runs += 1;
        const queue = storage.openQueue({
          name: `run-${runs}`,
          kind: 'fifo',
          visibilityMs: VISIBILITY_MS,
          receivesMax: STEPS_MAX,
        });
        const checked = new CheckedQueue(queue, { clock, visibilityMs: VISIBILITY_MS });
        for (const one of steps) await take(one, checked, (ms) => clock.move(ms));
        clock.move(2 * VISIBILITY_MS);
        for (let receives = 0; receives <= STEPS_MAX && !checked.isEmpty; receives += 1) {
          for (const message of await checked.receive(10)) await checked.ack(message);
        }
        expect(checked.isEmpty).toBe(true);
        expect(await checked.receive(10)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

async function take(one: Step, checked: CheckedQueue, wait: (ms: number) => void): Promise<void> {
  if (one.kind === 'send') return await checked.send(one.group);
  if (one.kind === 'receive') return void (await checked.receive(one.max));
  if (one.kind === 'wait') return wait(one.ms);
  const message = checked.held(one.position);
  if (message === undefined) return;
  if (one.kind === 'ack') await checked.ack(message);
  if (one.kind === 'release') await checked.release(message);
  if (one.kind === 'extend') await checked.extend(message, 2 * VISIBILITY_MS);
}
