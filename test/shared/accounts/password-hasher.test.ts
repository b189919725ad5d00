import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PasswordHasher, SCRYPT_COST } from '#shared/accounts/password-hasher.ts';
import { DomainError } from '#shared/domain/error.ts';

const CHEAP = { log2N: 4, r: 8, p: 1 };

describe('PasswordHasher', () => {
  it('verifies what it has hashed, and nothing else', async () => {
    const hasher = new PasswordHasher({ cost: SCRYPT_COST, randomBytes });
    const stored = await hasher.hash('a password');

    expect(stored).toMatch(/^scrypt\$15\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await hasher.verify('a password', stored)).toBe(true);
    expect(await hasher.verify('a passwore', stored)).toBe(false);
    expect(await hasher.verify('a password', undefined)).toBe(false);
  });

  it('hashes the same password differently each time', async () => {
    const hasher = new PasswordHasher({ cost: CHEAP, randomBytes });

    expect(await hasher.hash('a password')).not.toBe(await hasher.hash('a password'));
  });

  it('verifies with the cost that a hash was made with', async () => {
    const stored = await new PasswordHasher({ cost: CHEAP, randomBytes }).hash('a password');
    const hasher = new PasswordHasher({ cost: { ...CHEAP, log2N: 5 }, randomBytes });

    expect(await hasher.verify('a password', stored)).toBe(true);
  });

  it('takes a letter however it is composed', async () => {
    const hasher = new PasswordHasher({ cost: CHEAP, randomBytes });
    const stored = await hasher.hash('caf\u00e9 caf\u00e9');

    expect(await hasher.verify('cafe\u0301 cafe\u0301', stored)).toBe(true);
  });

  it('refuses a flood, and works on when it is over', async () => {
    const hasher = new PasswordHasher({ cost: CHEAP, randomBytes });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => hasher.hash('a password')),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');

    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ reason: expect.any(DomainError) });
    expect(refused[0]).toMatchObject({ reason: { code: 'too_many_requests' } });
    expect(await hasher.hash('a password')).toMatch(/^scrypt/);
  });
});
