import { describe, expect, it } from 'vitest';
import { findMutation } from '#simulation/find-mutation.ts';
import { SAFEGUARDS } from '#simulation/world/safeguards.ts';
import { simulate } from '#simulation/world/simulate.ts';
import { SMALL } from '#simulation/world/sizes.ts';

const SEEDS_PER_TEST = 50;
const FIRST_SEEDS = [1, 51, 101, 151];
/** Each safeguard that is left out is noticed sooner than this. */
const MUTATION_SEEDS_MAX = 100;
const TIMEOUT_MS = 120_000;

describe('simulate', () => {
  it.each(FIRST_SEEDS)(
    'keeps every promise in the 50 lives from seed %i on',
    async (first) => {
      for (let seed = first; seed < first + SEEDS_PER_TEST; seed += 1) {
        const { violation, totals } = await simulate({ seed, sizes: SMALL });
        expect(violation, `npm run sim -- --small --seed ${seed} --trace`).toBeUndefined();
        // A life in which nothing was asked or nothing broke would prove nothing.
        expect(totals).toMatchObject({ sends: SMALL.sends, inbound: SMALL.inbound });
        expect(totals.kills + totals.pauses + totals.partitions).toBeGreaterThan(0);
      }
    },
    TIMEOUT_MS,
  );

  it('lives the same life again from the same seed', async () => {
    const live = async () => {
      const story: string[] = [];
      const outcome = await simulate({ seed: 7, sizes: SMALL, tell: (line) => story.push(line) });
      return { story, outcome };
    };
    const first = await live();
    expect(await live()).toEqual(first);
    expect(first.story.length).toBeGreaterThan(50);
  });

  it('lives it whether or not anybody listens', async () => {
    const heard = await simulate({ seed: 8, sizes: SMALL, tell: () => undefined });
    expect(await simulate({ seed: 8, sizes: SMALL })).toEqual(heard);
  });

  it.each(SAFEGUARDS)(
    'notices when %s is left out',
    async (safeguard) => {
      const found = await findMutation(safeguard, { sizes: SMALL, seedsMax: MUTATION_SEEDS_MAX });
      expect(found?.outcome.violation).toBeDefined();
    },
    TIMEOUT_MS,
  );
});
