import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { Report } from './report.ts';
import { runSeeds } from './run-seeds.ts';
import { type Outcome, simulate } from './world/simulate.ts';
import { FULL, type Sizes, SMALL } from './world/sizes.ts';

const PROGRESS_EVERY_SEEDS = 25;
/** Of the story of a simulation that broke a promise, so much is told. */
const LAST_LINES = 60;

const whole = z.coerce.number().int().min(0);
const Flags = z.object({
  seeds: whole.default(100),
  seed: whole.optional(),
  from: whole.default(1),
  jobs: whole.min(1).default(availableParallelism()),
  small: z.boolean().default(false),
  trace: z.boolean().default(false),
  runners: whole.optional(),
  instances: whole.optional(),
  minutes: whole.optional(),
  kills: whole.optional(),
  pauses: whole.optional(),
  partitions: whole.optional(),
});

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values } = parseArgs({
  options: {
    seeds: text,
    seed: text,
    from: text,
    jobs: text,
    small: flag,
    trace: flag,
    runners: text,
    instances: text,
    minutes: text,
    kills: text,
    pauses: text,
    partitions: text,
  },
});
const { seeds, seed, from, jobs, small, trace, ...changes } = Flags.parse(values);
const given = Object.entries(changes).filter(([, value]) => value !== undefined);
const sizes: Sizes = { ...(small ? SMALL : FULL), ...Object.fromEntries(given) };
const print = (line: string) => process.stdout.write(`${line}\n`);

const outcome = seed === undefined ? await runMany() : await runOne(seed);
if (outcome?.violation) process.exit(1);

/** Answers the first that broke a promise. */
async function runMany(): Promise<Outcome | undefined> {
  const report = new Report(performance.now());
  const broken = await runSeeds({ from, seeds, sizes, jobs }, (one) => {
    report.add(one);
    if (report.seeds % PROGRESS_EVERY_SEEDS === 0) print(report.progress(performance.now()));
  });
  if (broken) return await runOne(broken.seed);
  print(`\n${report.table()}\n\n${report.progress(performance.now())}. No promise was broken.`);
  return undefined;
}

/** The same seed is the same life: it is told the second time. */
async function runOne(which: number): Promise<Outcome> {
  const lines: string[] = [];
  const tell = trace ? print : (line: string) => void lines.push(line);
  const one = await simulate({ seed: which, sizes, tell });
  const { violation } = one;
  if (violation) {
    print(lines.slice(-LAST_LINES).join('\n'));
    print(`\nSeed ${which} breaks ${violation.rule}: ${violation.words}`);
    print(`See all of it: npm run sim -- --seed ${which} --trace${small ? ' --small' : ''}`);
  } else {
    print(`Seed ${which}: ${one.events} events, and no promise was broken.`);
  }
  return one;
}
