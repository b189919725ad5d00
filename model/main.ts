/**
 * `npm run model`: every state of the lease and journal protocol, as designed and with one rule less at a time.
 * Exits 0 only when each variant gives what is expected. `-- --fast` has smaller bounds.
 */
import { parseArgs } from 'node:util';
import { explore } from './explore.ts';
import { type Finding, headOfTable, isAsExpected, toRow, toTrace } from './report.ts';
import { type Variant, variantsOf } from './variants.ts';

/** About 2 GB. None of them comes near it. */
const STATES_MAX = 4_000_000;
const US_PER_MS = 1_000;

const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } });

print(`Node ${process.version}\n\n${headOfTable()}`);
const findings = variantsOf(values.fast ? 'fast' : 'full').map((variant) => {
  const finding = find(variant);
  print(toRow(finding));
  return finding;
});
print('\nThe shortest ways to what is broken:');
for (const finding of findings) {
  const trace = toTrace(finding);
  if (trace !== undefined) print(`\n${trace}`);
}
const surprises = findings.filter((finding) => !isAsExpected(finding));
print(`\n${findings.length - surprises.length} of ${findings.length} are as expected.`);
if (surprises.length > 0) process.exitCode = 1;

function find(variant: Variant): Finding {
  const before = process.cpuUsage();
  const exploration = explore(variant.model, { statesMax: STATES_MAX });
  const { user, system } = process.cpuUsage(before);
  return { variant, exploration, cpuMs: (user + system) / US_PER_MS };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
