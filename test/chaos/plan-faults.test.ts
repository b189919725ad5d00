import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Fault, planFaults } from './plan-faults.ts';

const A_PLAN = fc.record({
  seed: fc.integer(),
  count: fc.integer({ min: 1, max: 60 }),
  overMs: fc.integer({ min: 30_000, max: 600_000 }),
});

function endOf(fault: Fault): number {
  return 'forMs' in fault ? fault.atMs + fault.forMs : fault.atMs;
}

it('is the same for the same seed, and another for another', () => {
  const options = { count: 30, overMs: 600_000 };
  expect(planFaults({ seed: 7, ...options })).toEqual(planFaults({ seed: 7, ...options }));
  expect(planFaults({ seed: 7, ...options })).not.toEqual(planFaults({ seed: 8, ...options }));
});

it('has so many faults, in order and within the time', () => {
  fc.assert(
    fc.property(A_PLAN, (options) => {
      const plan = planFaults(options);
      const times = plan.map(({ atMs }) => atMs);
      expect(plan.length).toBe(options.count);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const fault of plan) expect(endOf(fault)).toBeLessThanOrEqual(options.overMs);
    }),
  );
});

it('has nothing last while a runner is killed', () => {
  fc.assert(
    fc.property(A_PLAN, (options) => {
      const plan = planFaults(options);
      for (const kill of plan.filter(({ kind }) => kind === 'kill_runner')) {
        const lasting = plan.filter((fault) => fault.atMs < kill.atMs && endOf(fault) > kill.atMs);
        expect(lasting).toEqual([]);
      }
    }),
  );
});

it('has every kind in six, in any order', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const kinds = planFaults({ seed, count: 6, overMs: 60_000 }).map(({ kind }) => kind);
      expect(new Set(kinds).size).toBe(5);
    }),
  );
});
