import type { Safeguard } from './world/safeguards.ts';
import { type Outcome, simulate } from './world/simulate.ts';
import type { Sizes } from './world/sizes.ts';

export type Found = { readonly seeds: number; readonly outcome: Outcome };

/** Looks for the first seed that notices that a safeguard is left out. */
export async function findMutation(
  without: Safeguard,
  { sizes, seedsMax }: { sizes: Sizes; seedsMax: number },
): Promise<Found | undefined> {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const outcome = await simulate({ seed, sizes, without });
    if (outcome.violation) return { seeds: seed, outcome };
  }
  return undefined;
}
