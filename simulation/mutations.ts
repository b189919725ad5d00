import { findMutation } from './find-mutation.ts';
import {
  JOURNAL_SAFEGUARD_WORDS,
  JOURNAL_SAFEGUARDS,
  type JournalSafeguard,
  race,
} from './journal/race.ts';
import { SAFEGUARD_WORDS, SAFEGUARDS } from './world/safeguards.ts';
import { SMALL } from './world/sizes.ts';

const SEEDS_MAX = 300;
const RACES = 1_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

let missed = 0;

/** `seeds` is how many it took; `words` what was broken then. */
function tell(safeguard: string, found: { seeds: number; words: string } | undefined): void {
  if (found === undefined) missed += 1;
  print(safeguard);
  const seeds = found === undefined ? `none of ${SEEDS_MAX}` : `seed ${found.seeds}`;
  print(`    ${seeds.padEnd(12)} ${found?.words ?? 'NOBODY NOTICED'}`);
}

/** Looks for the first race that breaks a promise. */
async function findRace(
  seedsMax: number,
  without?: JournalSafeguard,
): Promise<{ seeds: number; words: string } | undefined> {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const { violation } = await race({ seed, ...(without && { without }) });
    if (violation !== undefined) return { seeds: seed, words: violation };
  }
  return undefined;
}

print('Lives of runners, each without one safeguard:\n');
for (const safeguard of SAFEGUARDS) {
  const found = await findMutation(safeguard, { sizes: SMALL, seedsMax: SEEDS_MAX });
  const violation = found?.outcome.violation;
  const words = `${violation?.rule}: ${violation?.words}`;
  tell(SAFEGUARD_WORDS[safeguard], found && { seeds: found.seeds, words });
}

print('\nRaces for one journal, each without one safeguard:\n');
for (const safeguard of JOURNAL_SAFEGUARDS) {
  tell(JOURNAL_SAFEGUARD_WORDS[safeguard], await findRace(SEEDS_MAX, safeguard));
}

const broken = await findRace(RACES);
print(
  broken
    ? `\nWith all of them race ${broken.seeds} is broken: ${broken.words}`
    : `\nWith all of them ${RACES} races break no promise.`,
);
if (missed > 0 || broken) process.exit(1);
