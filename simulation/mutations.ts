import { findMutation } from './find-mutation.ts';
import { SAFEGUARD_WORDS, SAFEGUARDS } from './world/safeguards.ts';
import { SMALL } from './world/sizes.ts';

const SEEDS_MAX = 300;

const print = (line: string) => process.stdout.write(`${line}\n`);

let missed = 0;
for (const safeguard of SAFEGUARDS) {
  const found = await findMutation(safeguard, { sizes: SMALL, seedsMax: SEEDS_MAX });
  if (found === undefined) missed += 1;
  const seeds = found === undefined ? `none of ${SEEDS_MAX}` : `seed ${found.seeds}`;
  print(`${SAFEGUARD_WORDS[safeguard]}`);
  print(
    `    ${seeds.padEnd(12)} ${found?.outcome.violation?.rule ?? 'NOBODY NOTICED'}: ${found?.outcome.violation?.words ?? ''}`,
  );
}
if (missed > 0) process.exit(1);
