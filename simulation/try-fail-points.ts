import { type FailPoint, FailPoints, type Failure } from './faults/fail-points.ts';
import type { Safeguard } from './world/safeguards.ts';
import { type Outcome, simulate } from './world/simulate.ts';
import type { Sizes } from './world/sizes.ts';

/** A life that has everything once: claims, a login, messages both ways, and a hand-over. */
const SHORT: Sizes = {
  runners: 2,
  shards: 1,
  instances: 1,
  minutes: 0.4,
  sends: 2,
  inbound: 1,
  kills: 0,
  pauses: 0,
  partitions: 0,
  drains: 1,
  hangUps: 0,
};
/** Of which the life with this seed has the holder hand over. */
export const FAIL_POINTS_SEED = 7;

const OF_A_CALL = /^it asks /;

export type Tried = {
  readonly failAt: FailPoint;
  /** What happens at the point, in words. */
  readonly name: string;
  readonly outcome: Outcome;
};

type LifeOptions = {
  readonly seed: number;
  readonly without?: Safeguard | undefined;
  /** Hears what happens. */
  readonly tell?: ((line: string) => void) | undefined;
};

/** Lives the same life again and again, each time with one failure at the next of its points. */
export async function* tryFailPoints(options: LifeOptions): AsyncGenerator<Tried, void> {
  const { seed } = options;
  const whole = new FailPoints();
  const outcome = await simulate({ seed, sizes: SHORT, points: whole });
  if (outcome.violation || outcome.totals.logins < 2) {
    throw new Error(`In the life of seed ${seed} nobody takes over: take another.`);
  }
  for (const [host, names] of whole.passed) {
    for (const [point, name] of names.entries()) {
      for (const failure of failuresOf(name)) {
        const failAt = { host, point, failure };
        yield { failAt, name, outcome: await failingAt(failAt, options) };
      }
    }
  }
}

function failuresOf(name: string): readonly Failure[] {
  return OF_A_CALL.test(name) ? ['killed', 'request_lost', 'answer_lost'] : ['killed'];
}

/** The life with that failure. */
export function failingAt(failAt: FailPoint, options: LifeOptions): Promise<Outcome> {
  return simulate({ ...options, sizes: SHORT, points: new FailPoints(failAt) });
}
