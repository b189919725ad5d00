import { describe, expect, it } from 'vitest';
import { JOURNAL_SAFEGUARDS, race } from '#simulation/journal/race.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
/** The first seed is enough today; a few more leave room for changes. */
const MUTATED_SEEDS = SEEDS.slice(0, 10);

describe('a race for one journal', () => {
  it('leaves it one line, of which nothing that was acknowledged is lost', async () => {
    let steps = 0;
    for (const seed of SEEDS) {
      const outcome = await race({ seed });
      expect(outcome.violation, `seed ${seed}`).toBeUndefined();
      steps += outcome.steps;
    }
    expect(steps).toBeGreaterThan(SEEDS.length);
  });

  it.each(JOURNAL_SAFEGUARDS)('does not go well without the safeguard %s', async (without) => {
    const outcomes = await Promise.all(MUTATED_SEEDS.map((seed) => race({ seed, without })));
    expect(outcomes.some(({ violation }) => violation !== undefined)).toBe(true);
  });
});
