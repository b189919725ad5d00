import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lessLoaded, shardCandidates } from '#shared/domain/choose-shard.ts';

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const shardCount = fc.integer({ min: 1, max: 10_000 });

describe('shardCandidates', () => {
  it('are two different shards that there are', () => {
    fc.assert(
      fc.property(shardCount, draw, draw, (count, first, second) => {
        const candidates = shardCandidates(count, [first, second]);
        for (const shard of candidates) {
          expect(Number.isInteger(shard)).toBe(true);
          expect(shard).toBeGreaterThanOrEqual(0);
          expect(shard).toBeLessThan(count);
        }
        expect(new Set(candidates).size).toBe(Math.min(2, count));
      }),
    );
  });

  it('can be every pair', () => {
    const pairs = new Set<string>();
    for (let a = 0; a < 4; a += 1) {
      for (let b = 0; b < 3; b += 1) pairs.add(String(shardCandidates(4, [a / 4, b / 3])));
    }
    expect(pairs.size).toBe(12);
  });
});

describe('lessLoaded', () => {
  it('is never the fuller one', () => {
    const load = fc.record({ shard: fc.nat(), instances: fc.nat() });
    fc.assert(
      fc.property(load, load, (a, b) => {
        const least = Math.min(a.instances, b.instances);
        const chosen = [a, b].filter(({ shard }) => shard === lessLoaded(a, b));
        expect(chosen.some(({ instances }) => instances === least)).toBe(true);
      }),
    );
  });

  it('keeps shards nearly even', () => {
    const loads = [0, 0, 0, 0, 0, 0, 0, 0];
    let seed = 1;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let i = 0; i < 800; i += 1) {
      const [a, b] = shardCandidates(loads.length, [next(), next()]);
      const chosen = lessLoaded(
        { shard: a, instances: loads[a] ?? 0 },
        { shard: b, instances: loads[b] ?? 0 },
      );
      loads[chosen] = (loads[chosen] ?? 0) + 1;
    }
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(6);
  });
});
