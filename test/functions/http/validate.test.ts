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
    });
    const value = { low: 0, high: 601, whole: 1.5, kind: 'gif', one: 'y', list: [] };

    expect(faultsOf(Numbers, value)).toEqual([
      { path: 'low', message: 'must be at least 1' },
      { path: 'high', message: 'must be at most 600' },
      { path: 'whole', message: 'must be a whole number' },
      { path: 'kind', message: 'must be one of image, video' },
      { path: 'missing', message: 'is required' },
      { path: 'one', message: 'must be x' },
      { path: 'list', message: 'must not be empty' },
    ]);
  });

  it('says of what is of another type nothing more', () => {
    const Sized = z.object({ list: z.array(z.string()).max(2) });

    expect(faultsOf(Sized, { list: 'three' })).toEqual([
      { path: 'list', message: 'must be of type array' },
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

  it('drops what the schema does not name', () => {
    expect(validate(z.object({ a: z.string() }), { value: { a: 'x', b: 'y' } })).toEqual({
      a: 'x',
    });
  });
});
