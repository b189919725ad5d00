import type { Exploration } from './explore.ts';
import type { Variant } from './variants.ts';

/** What a search has found of one variant. */
export type Finding = {
  readonly variant: Variant;
  readonly exploration: Exploration;
  /** Of processors, so that it is the same on a machine that has other things to do. */
  readonly cpuMs: number;
};

const COLUMNS = ['of', 'variant', 'runners', 'slots', 'epochs', 'states', 'edges', 'CPU s'];
const MS_PER_S = 1_000;

/** A search that did not come to its end is never what is expected. */
export function isAsExpected({ variant, exploration }: Omit<Finding, 'cpuMs'>): boolean {
  switch (exploration.kind) {
    case 'holds':
      return variant.expected === 'holds';
    case 'broken':
      return variant.expected === exploration.breach;
    case 'capped':
      return false;
  }
}

export function headOfTable(): string {
  return `${toLine([...COLUMNS, 'result'])}\n${toLine([...COLUMNS, 'result'].map(() => '---'))}`;
}

export function toRow(finding: Finding): string {
  const { variant, exploration, cpuMs } = finding;
  const { bounds, runners } = variant;
  const surprise = isAsExpected(finding) ? '' : ` — **expected: ${variant.expected}**`;
  return toLine([
    variant.of,
    variant.name,
    String(runners),
    String(bounds?.slots ?? '–'),
    String(bounds?.epochs ?? '–'),
    exploration.states.toLocaleString('en'),
    exploration.edges.toLocaleString('en'),
    (cpuMs / MS_PER_S).toFixed(1),
    `${resultOf(exploration)}${surprise}`,
  ]);
}

/** The shortest way to a breach, in words. */
export function toTrace({ variant, exploration }: Omit<Finding, 'cpuMs'>): string | undefined {
  if (exploration.kind !== 'broken') return undefined;
  const steps = exploration.trace.map((does, index) => `  ${index + 1}. ${does}`);
  return [`${variant.of}, ${variant.name}: ${exploration.breach}`, ...steps].join('\n');
}

function resultOf(exploration: Exploration): string {
  switch (exploration.kind) {
    case 'holds':
      return 'holds';
    case 'broken':
      return `broken in ${exploration.trace.length} steps: ${exploration.breach}`;
    case 'capped':
      return 'not finished: there are more states than the search may keep';
  }
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
