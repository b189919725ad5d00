import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { validate, validationFailed } from '#functions/http/validate.ts';
import { DomainError } from '#shared/domain/error.ts';

const Schema = z.object({
  flag: z.boolean(),
  count: z.number(),
  inner: z.object({ deep: z.boolean(), list: z.array(z.string()) }),
  text: z.string().min(1).max(3),
});

function refusal(value: unknown, isForm = false): unknown {
  return faultsOf(Schema, value, isForm);
}

function faultsOf(schema: z.ZodType, value: unknown, isForm = false): unknown {
  try {
    validate(schema, { value, isForm });
  } catch (error) {
    if (error instanceof DomainError) return error.details;
    throw error;
  }
  return undefined;
}

describe('validate', () => {
  it('names each fault by its path, in words that go on from it', () => {
    const value = { flag: 'true', inner: { deep: null, list: 'x' }, text: 'four' };

    expect(refusal(value)).toEqual([
      { path: 'flag', message: 'must be of type boolean' },
      { path: 'count', message: 'is required' },
      { path: 'inner.deep', message: 'must be of type boolean' },
      { path: 'inner.list', message: 'must be of type array' },
      { path: 'text', message: 'must have at most 3 characters' },
    ]);
  });

  it('says that an empty text is empty', () => {
    const value = { flag: true, count: 1, inner: { deep: true, list: [] }, text: '' };

    expect(refusal(value)).toEqual([{ path: 'text', message: 'must not be empty' }]);
  });

  it('speaks of numbers as numbers, and of choices by their names', () => {
    const Numbers = z.object({
      low: z.int().min(1),
      high: z.number().max(600),
      whole: z.int(),
      kind: z.enum(['image', 'video']),
      missing: z.enum(['image', 'video']),
      one: z.literal('x'),
      list: z.array(z.string()).min(1),
      own: z.array(z.string()).min(1, 'must name somebody'),
    });
    const value = { low: 0, high: 601, whole: 1.5, kind: 'gif', one: 'y', list: [], own: [] };

    expect(faultsOf(Numbers, value)).toEqual([
      { path: 'low', message: 'must be at least 1' },
      { path: 'high', message: 'must be at most 600' },
      { path: 'whole', message: 'must be a whole number' },
      { path: 'kind', message: 'must be one of image, video' },
      { path: 'missing', message: 'is required' },
      { path: 'one', message: 'must be x' },
      { path: 'list', message: 'must have at least 1 item' },
      { path: 'own', message: 'must name somebody' },
    ]);
  });

  it('ends its summary with one full stop', () => {
    const error = validationFailed([
      { path: 'file', message: 'is of another type. Send another.' },
    ]);

    expect(error.message).toBe('The request is not valid: file is of another type. Send another.');
  });

  it('reads the text of a form as what the schema wants, at every depth', () => {
    const inner = '{"deep": "0", "list": "[\\"true\\"]"}';
    const value = { flag: '1', count: ' 4.5', inner, text: '12' };

    expect(validate(Schema, { value, isForm: true })).toEqual({
      flag: true,
      count: 4.5,
      inner: { deep: false, list: ['true'] },
      text: '12',
    });
  });

  it('leaves what a form cannot mean to the refusal', () => {
    const value = { flag: 'yes', count: '', inner: '{', text: 'x' };

    expect(refusal(value, true)).toEqual([
      { path: 'flag', message: 'must be of type boolean' },
      { path: 'count', message: 'must be of type number' },
      { path: 'inner', message: 'must be of type object' },
    ]);
  });

  it('tells one fault of what is of a wrong type', () => {
    const Short = z.object({ list: z.array(z.string()).max(2), text: z.string().min(5) });

    expect(faultsOf(Short, { list: 'a text', text: ['a'] })).toEqual([
      { path: 'list', message: 'must be of type array' },
      { path: 'text', message: 'must be of type string' },
    ]);
  });

  it('takes no halves of characters, and says where they are', () => {
    const inner = { deep: true, list: ['fine 😀', '\ud83d'] };
    const value = { flag: true, count: 1, inner, text: '\ude00' };
    const message = 'must be well-formed text: it has half of a surrogate pair';

    expect(refusal(value)).toEqual([
      { path: 'inner.list.1', message },
      { path: 'text', message },
    ]);
  });

  it.each([
    ['is nested deeper than 20 levels', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['has more than 10000 values', JSON.stringify({ list: Array(10_001).fill(0) })],
    ['must not have a key "__proto__"', '{"list": [], "__proto__": {"deep": true}}'],
  ])('refuses the JSON in a form that %s', (message, inner) => {
    const value = { flag: '1', count: '1', inner, text: '12' };

    expect(refusal(value, true)).toEqual([{ path: 'inner', message }]);
  });

  it('names no more faults than somebody reads, by no longer paths', () => {
    const Strict = z.strictObject({});
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`key${n}`, 1]));
    expect(faultsOf(Strict, many)).toHaveLength(100);
    expect(() => validate(Strict, { value: many })).toThrow('; and 50 more faults.');

    expect(faultsOf(Strict, { ['k'.repeat(1_000_000)]: 1 })).toEqual([
      { path: `${'k'.repeat(200)}…`, message: 'is not known here' },
    ]);
  });

  it('drops what the schema does not name', () => {
    expect(validate(z.object({ a: z.string() }), { value: { a: 'x', b: 'y' } })).toEqual({
      a: 'x',
    });
  });
});
