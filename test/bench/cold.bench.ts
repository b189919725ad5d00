/**
 * What a cold start costs: `npm run bench:cold`. Each Lambda is bundled as it is deployed, and imported by processes
 * of their own. Lambda's own start, which comes before, and its slower core are not in the figures: compare the ratios.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../infra/lambda/bundle-function.ts';
import { bytesAtStart, bytesOf, type ColdStart, coldStart, LAMBDAS } from './cold-start.ts';

const RUNS = 11;
const BYTES_PER_KB = 1_000;

const folder = await mkdtemp(join(tmpdir(), 'cold-bench-'));
try {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, 'export {};\n');
  for (const lambda of LAMBDAS) bundleFunction(lambda, join(folder, lambda));

  const starts = new Map<string, ColdStart[]>();
  for (let run = 0; run < RUNS; run += 1) {
    add('an empty module', await coldStart(empty));
    for (const lambda of LAMBDAS) {
      add(lambda, await coldStart(join(folder, lambda, 'handler.mjs'), lambda));
    }
  }
  const baseMs = median('an empty module', 'importMs');
  print(['', 'size', 'at start', 'import', 'ratio', 'first answer']);
  for (const name of starts.keys()) {
    const importMs = median(name, 'importMs');
    const sizes = LAMBDAS.includes(name) ? [bytesOf, bytesAtStart] : [];
    const [size = 0, atStart = 0] = sizes.map((of) => of(join(folder, name)) / BYTES_PER_KB);
    print([
      name,
      `${size.toFixed(0)} KB`,
      `${atStart.toFixed(0)} KB`,
      `${importMs.toFixed(1)} ms`,
      `${(importMs / baseMs).toFixed(1)} x`,
      `${median(name, 'answerMs').toFixed(1)} ms`,
    ]);
  }

  function add(name: string, start: ColdStart): void {
    starts.set(name, [...(starts.get(name) ?? []), start]);
  }

  function median(name: string, figure: 'importMs' | 'answerMs'): number {
    const sorted = (starts.get(name) ?? []).map((start) => start[figure]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
} finally {
  await rm(folder, { recursive: true });
}

function print([name = '', ...figures]: string[]): void {
  const columns = figures.map((figure) => figure.padStart(14)).join('');
  process.stdout.write(`${name.padEnd(18)}${columns}\n`);
}
