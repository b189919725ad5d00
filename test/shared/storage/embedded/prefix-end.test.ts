import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd } from '#shared/storage/embedded/prefix-end.ts';
import { compareUtf8 } from '#shared/storage/rules/compare-utf8.ts';

const text = fc
  .string({ unit: 'binary', maxLength: 6 })
  .filter((candidate) => candidate.isWellFormed());

describe('prefixEnd', () => {
  it('ends the range that holds exactly the strings with the prefix', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (prefix, other, joined) => {
        const candidate = joined ? prefix + other : other;
        const end = prefixEnd(prefix);
        const inRange =
          compareUtf8(prefix, candidate) <= 0 &&
          (end === undefined || compareUtf8(candidate, end) < 0);
        expect(inRange).toBe(candidate.startsWith(prefix));
      }),
      { numRuns: 2_000 },
    );
  });

  it('steps over the surrogates and past the last code point', () => {
    expect(prefixEnd('a\ud7ff')).toBe('a\ue000');
    expect(prefixEnd('a\u{10ffff}')).toBe('b');
    expect(prefixEnd('\u{10ffff}')).toBeUndefined();
    expect(prefixEnd('')).toBeUndefined();
  });
});
