import { checkAtRest, isAtRest } from './final-checks.ts';
import { Fleet } from './fleet.ts';
import type { Totals, Violation } from './ledger.ts';
import { PostOffice } from './post-office.ts';
import { brewStorm } from './storm.ts';
import { Workload } from './workload.ts';
import { makeWorld, type WorldOptions } from './world.ts';

/** After the storm all must come to rest in this time: the longest back-off of a session is half an hour. */
const REST_MS_MAX = 90 * 60_000;
const LOOK_EVERY_MS = 5_000;

export type Outcome = {
  readonly seed: number;
  readonly totals: Totals;
  readonly violation: Violation | undefined;
  readonly virtualMs: number;
  readonly events: number;
};

/** Lives through one simulation, from its seed alone. */
export async function simulate(options: WorldOptions): Promise<Outcome> {
  const world = makeWorld(options);
  const { time, ledger, sizes, story } = world;
  const workload = new Workload(world);
  const post = new PostOffice(world);
  const seen = { world, workload, post };
  await workload.begin();
  const fleet = new Fleet(world, post);
  brewStorm(world, fleet);
  const isBroken = () => ledger.violation !== undefined;
  const stormMs = sizes.minutes * 60_000;
  await time.runUntil(stormMs, isBroken);
  while (!isBroken() && !isAtRest(seen) && time.nowMs < stormMs + REST_MS_MAX) {
    await time.runUntil(time.nowMs + LOOK_EVERY_MS, isBroken);
  }
  if (!isBroken()) checkAtRest(seen);
  fleet.end();
  const { violation, totals } = ledger;
  if (violation) story.tell(() => `BROKEN ${violation.rule}: ${violation.words}`);
  return { seed: options.seed, totals, violation, virtualMs: time.nowMs, events: time.events };
}
