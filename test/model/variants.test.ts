import { describe, expect, it } from 'vitest';
import { explore } from '../../model/explore.ts';
import { isAsExpected, toRow, toTrace } from '../../model/report.ts';
import { type Variant, variantsOf } from '../../model/variants.ts';

const STATES_MAX = 200_000;
const VARIANTS = variantsOf('fast');

function find(variant: Variant) {
  return { variant, exploration: explore(variant.model, { statesMax: STATES_MAX }) };
}

function aVariant(of: Variant['of'], name: string): Variant {
  const variant = VARIANTS.find((each) => each.of === of && each.name.startsWith(name));
  if (variant === undefined) throw new Error(`There is no variant ${name} of ${of}.`);
  return variant;
}

describe('the protocol', () => {
  it.each(VARIANTS)('$of, $runners runners, $name: $expected', (variant) => {
    const { exploration } = find(variant);
    expect(exploration.kind === 'broken' ? exploration.breach : exploration.kind).toBe(
      variant.expected,
    );
  });

  it('drops each of its rules in one variant at least', () => {
    const dropped = VARIANTS.filter(({ expected }) => expected !== 'holds');
    const letters = new Set(dropped.map(({ name }) => name.slice(0, 3)));
    expect([...letters].sort()).toEqual(
      ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((letter) => `(${letter})`),
    );
  });
});

describe('the report', () => {
  it('takes a breach for a surprise when another one is expected, or none', () => {
    const found = find(aVariant('journal', '(b)'));
    expect(isAsExpected(found)).toBe(true);
    for (const expected of ['holds', 'a slot is written twice']) {
      const other = { ...found, variant: { ...found.variant, expected } };
      expect(isAsExpected(other)).toBe(false);
      expect(toRow({ ...other, cpuMs: 0 })).toContain(`expected: ${expected}`);
    }
  });

  it('takes a search without an end for a surprise', () => {
    const variant = aVariant('journal', '(a)');
    const exploration = explore(variant.model, { statesMax: 100 });
    expect(isAsExpected({ variant, exploration })).toBe(false);
    expect(toRow({ variant, exploration, cpuMs: 0 })).toContain('not finished');
  });

  it('tells the way to a breach step by step', () => {
    const trace = toTrace(find(aVariant('leases', '(e)')));
    expect(trace).toMatch(/^leases, \(e\) no deadline: a runner acts after another has claimed/);
    expect(trace).toMatch(/declares B dead: written\n.*\n {2}\d+\. A's claim is written$/);
    expect(toTrace(find(aVariant('leases', '(a)')))).toBeUndefined();
  });
});
