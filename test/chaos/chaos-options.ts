import { parseArgs } from 'node:util';
import * as z from 'zod';

const SEED_MAX = 2 ** 31;

const whole = (max: number, preset: number) =>
  z.coerce.number().int().min(0).max(max).default(preset);

const Options = z.strictObject({
  instances: whole(2_000, 200).pipe(z.int().min(1)),
  minutes: z.coerce.number().positive().max(120).default(10),
  sends: whole(1_000_000, 20_000),
  inbound: whole(1_000_000, 20_000),
  faults: whole(1_000, 30),
  runners: whole(20, 3).pipe(z.int().min(1)),
  /** How long placement takes: at 1, a runner that is silent for 13 s is taken for dead. */
  scale: z.coerce.number().min(0.1).max(1).default(0.2),
  /** The same seed orders the same faults at the same times. */
  seed: z.coerce.number().int().min(0).max(SEED_MAX),
});
export type ChaosOptions = z.infer<typeof Options>;

/** What the command line asks for; `seed` is the one that is taken when it names none. */
export function readChaosOptions(args: string[], { seed }: { seed: number }): ChaosOptions {
  const names = Object.keys(Options.shape);
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  return Options.parse({ seed: seed % SEED_MAX, ...values });
}
