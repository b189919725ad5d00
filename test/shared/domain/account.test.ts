import { describe, expect, it } from 'vitest';
import { Email, NewPassword } from '#shared/domain/account.ts';
import { DomainError } from '#shared/domain/error.ts';

describe('Email', () => {
  it('has one form for each address', () => {
    expect(Email.parse(' Some.Body+Tag@Example.COM\n')).toBe('some.body+tag@example.com');
  });

  it.each(['', 'x', '@example.com', 'a@b', 'a b@example.com', `${'a'.repeat(250)}@example.com`])(
    'is not %j',
    (text) => {
      expect(Email.safeParse(text).success).toBe(false);
    },
  );
});

it('wants passwords that are long enough, and not endless', () => {
  expect(NewPassword.safeParse('1234567').success).toBe(false);
  expect(NewPassword.safeParse('12345678').success).toBe(true);
  expect(NewPassword.safeParse('x'.repeat(201)).success).toBe(false);
});

it('keeps what a refusal says and why', () => {
  const cause = new Error('the cause');
  const details = [{ path: 'a', message: 'is wrong' }];
  const error = new DomainError('not_found', 'Not there.', { cause, details, retryAfterS: 5 });

  expect(error).toMatchObject({ code: 'not_found', message: 'Not there.', cause, details });
  expect(error.retryAfterS).toBe(5);
  expect(new DomainError('internal', 'x').details).toBeUndefined();
});
