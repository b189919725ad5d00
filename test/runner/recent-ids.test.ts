import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentIds } from '#runner/recent-ids.ts';

it('knows what was added, until it is deleted', () => {
  const ids = new RecentIds(2);
  ids.add('a');
  expect([ids.has('a'), ids.has('b')]).toEqual([true, false]);
  ids.delete('a');
  expect(ids.has('a')).toBe(false);
});

it('knows those that were added last, and no more than it may', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(name), (countMax, names) => {
      const ids = new RecentIds(countMax);
      for (const one of names) ids.add(one);
      const latest = [...new Set(names.toReversed())].slice(0, countMax);
      expect([...new Set(names)].filter((one) => ids.has(one)).sort()).toEqual(latest.sort());
    }),
  );
});
