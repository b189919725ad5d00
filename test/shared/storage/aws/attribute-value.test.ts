import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeItem, encodeItem } from '#shared/storage/aws/attribute-value.ts';

describe('encodeItem', () => {
  it('is undone by decodeItem, for all that JSON can say', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (attributes) => {
        const text = JSON.stringify(attributes);
        // By way of JSON, because -0 is 0 in it, as in DynamoDB.
        const item = { pk: 'p', sk: 's', attributes: JSON.parse(text) };
        expect(JSON.stringify(decodeItem(encodeItem(item))['attributes'])).toBe(text);
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(encodeItem({ pk: 'p', sk: 's', a: undefined })).toEqual({
      pk: { S: 'p' },
      sk: { S: 's' },
    });
  });

  it('keeps names that mean something to JavaScript', () => {
    const item = JSON.parse('{"pk":"p","sk":"s","m":{"__proto__":{"a":1},"constructor":"c"}}');
    expect(JSON.stringify(decodeItem(encodeItem(item)))).toBe(JSON.stringify(item));
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuses %d, at any depth', (n) => {
    expect(() => encodeItem({ pk: 'p', sk: 's', list: [{ n }] })).toThrow(TypeError);
  });

  it('reads a great number back as a number', () => {
    const stored = { pk: { S: 'p' }, sk: { S: 's' }, n: { N: '100000000000000000000' } };
    expect(decodeItem(stored)['n']).toBe(1e20);
  });
});
