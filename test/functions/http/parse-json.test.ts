import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '#functions/http/parse-json.ts';

/** The position that the refusal of a text names. */
function positionIn(text: string): number {
  try {
    parseJsonObject(text);
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    if (position !== undefined) return Number(position);
    throw error;
  }
  throw new Error('The text was taken.');
}

describe('parseJsonObject', () => {
  it('reads every object that JSON can write', () => {
    const value = fc.dictionary(
      fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
      fc.jsonValue({ maxDepth: 5 }),
    );
    const isHarmless = (object: object) =>
      !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(object));
    fc.assert(
      fc.property(value.filter(isHarmless), (object) => {
        const text = JSON.stringify(object);
        expect(parseJsonObject(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('names the very character that cannot be there, however long the text is', () => {
    const value = fc.array(fc.record({ key: fc.integer(), other: fc.boolean() }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(value, (items) => {
        const good = JSON.stringify({ items });
        const text = `${good.slice(0, -1)},"x":@${'y'.repeat(80)}}`;
        expect(positionIn(text)).toBe(text.indexOf('@'));
      }),
    );
  });

  it('names the end of a text that is cut short', () => {
    const text = '{"a":{"b":[1,2,{"c":"d"}]}}';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length - 1 }), (length) => {
        expect(positionIn(text.slice(0, length))).toBe(length);
      }),
    );
  });

  it('takes twenty levels and not one more', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

    expect(parseJsonObject(nested(20))).toBeDefined();
    expect(() => parseJsonObject(nested(21))).toThrow('deeper than 20');
  });

  it('does not exhaust the stack on a hundred thousand levels', () => {
    expect(() => parseJsonObject(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(
      'deeper than 20',
    );
  });
});
