import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { validate } from '#functions/http/validate.ts';
import { DomainError } from '#shared/domain/error.ts';

const Schema = z.object({
  flag: z.boolean(),
  count: z.number(),
  inner: z.object({ deep: z.boolean(), list: z.array(z.string()) }),
  text: z.string().min(1).max(3),
});

function refusal(value: unknown, isForm = false): unknown {
  try {
    validate(Schema, { value, isForm });
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
