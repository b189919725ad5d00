import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { Failure } from './faults/fail-points.ts';
import { FAIL_POINTS_SEED, failingAt, tryFailPoints } from './try-fail-points.ts';

const NAME_WIDTH = 36;
const COUNT_WIDTH = 14;
const FAILURES: readonly Failure[] = ['killed', 'request_lost', 'answer_lost'];

const print = (line: string) => process.stdout.write(`${line}\n`);
const { values } = parseArgs({ options: { seed: { type: 'string' } } });
const seed = z.coerce.number().int().min(0).default(FAIL_POINTS_SEED).parse(values.seed);
const counts = new Map<string, Map<Failure, number>>();
let lives = 0;

for await (const { failAt, name, outcome } of tryFailPoints({ seed })) {
  lives += 1;
  const ofName = counts.get(name) ?? new Map<Failure, number>();
  ofName.set(failAt.failure, (ofName.get(failAt.failure) ?? 0) + 1);
  counts.set(name, ofName);
  if (!outcome.violation) continue;
  await failingAt(failAt, { seed, tell: print });
  print(
    `\nPoint ${failAt.point} of ${failAt.host} (${name}), ${failAt.failure}, is not recovered.`,
  );
  process.exit(1);
}

print(toLine('before', FAILURES));
for (const [name, ofName] of counts) {
  print(
    toLine(
      name,
      FAILURES.map((failure) => ofName.get(failure) ?? '–'),
    ),
  );
}
print(
  `\n${lives} lives with one failure each, in ${performance.now().toFixed(0)} ms: all recovered.`,
);

function toLine(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(NAME_WIDTH) + cells.map((cell) => String(cell).padStart(COUNT_WIDTH)).join('');
}
