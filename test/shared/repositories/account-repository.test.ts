import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, ApiKey, Login } from '#shared/domain/account.ts';
import { AccountRepository } from '#shared/repositories/account-repository.ts';
import { ThrottleRepository } from '#shared/repositories/throttle-repository.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';

let open: OpenTable;
let accounts: AccountRepository;
let ids = 0;
beforeAll(async () => {
  open = await openTable();
  accounts = new AccountRepository(open.table);
});
afterAll(async () => {
  await open.close();
});

function nextId(): string {
  ids += 1;
  return anId(ids);
}

function anAccount(email = `${nextId()}@example.com`): Account {
  return { accountId: nextId(), email, name: '', passwordHash: 'scrypt$…', createdAt: AT };
}

function aLogin(accountId = nextId()): Login {
  const validUntil = new Date(open.clock.now.getTime() + 60_000).toISOString();
  return {
    accountId,
    loginId: nextId(),
    secretHash: 'first',
    retiredHashes: [],
    createdAt: AT,
    validUntil,
  };
}

describe('accounts', () => {
  it('are found by their e-mail', async () => {
    const account = anAccount();
    await accounts.create(account);

    expect(await accounts.getByEmail(account.email)).toEqual(account);
    expect(await accounts.getByEmail('nobody@example.com')).toBeUndefined();
  });

  it('refuse an e-mail that is taken, and write nothing of the second', async () => {
    const first = anAccount();
    await accounts.create(first);
    const second = anAccount(first.email);

    await expect(accounts.create(second)).rejects.toMatchObject({ code: 'email_taken' });
    expect(await accounts.getByEmail(first.email)).toEqual(first);
  });

  it('take a new password, where there is an account', async () => {
    const account = anAccount();
    await accounts.create(account);

    expect(await accounts.setPassword(account.accountId, 'scrypt$new')).toBe(true);
    expect(await accounts.getByEmail(account.email)).toEqual({
      ...account,
      passwordHash: 'scrypt$new',
    });
    expect(await accounts.setPassword(nextId(), 'scrypt$new')).toBe(false);
  });

  it('refuse an id that is taken, which is no matter of e-mails', async () => {
    const first = anAccount();
    await accounts.create(first);
    const second = { ...anAccount(), accountId: first.accountId };

    await expect(accounts.create(second)).rejects.toMatchObject({ name: 'ConditionFailed' });
    expect(await accounts.getByEmail(second.email)).toBeUndefined();
  });
});

describe('logins', () => {
  const next = {
    secretHash: 'second',
    retiredHashes: ['first'],
    validUntil: '2099-01-01T00:00:00.000Z',
  };

  it('are replaced once for each token', async () => {
    const login = aLogin();
    await accounts.startLogin(login);

    expect(await accounts.rotateLogin(login, next)).toBe(true);
    expect(await accounts.rotateLogin(login, next)).toBe(false);
    expect(await accounts.getLogin(login)).toEqual({ ...login, ...next });
  });

  it('do not come back by a replacement after they have ended', async () => {
    const login = aLogin();
    await accounts.startLogin(login);
    await accounts.endLogin(login);
    await accounts.endLogin(login);

    expect(await accounts.rotateLogin(login, next)).toBe(false);
    expect(await accounts.getLogin(login)).toBeUndefined();
  });

  it('end all together, those of one account alone', async () => {
    const [first, second, other] = [aLogin(), aLogin(), aLogin()];
    const logins = [first, { ...second, accountId: first.accountId }, other];
    for (const started of logins) await accounts.startLogin(started);

    expect(await accounts.endLogins(first.accountId)).toBe(2);
    const left = await Promise.all(logins.map((started) => accounts.getLogin(started)));
    expect(left).toEqual([undefined, undefined, other]);
    expect(await accounts.endLogins(first.accountId)).toBe(0);
  });

  it('vanish when their token has expired', async () => {
    const login = aLogin();
    await accounts.startLogin(login);
    const before = open.clock.now;
    try {
      open.clock.now = new Date(before.getTime() + 61_000);
      expect(await accounts.getLogin(login)).toBeUndefined();
    } finally {
      open.clock.now = before;
    }
  });
});

describe('API keys', () => {
  function aKey(accountId: string): ApiKey {
    return { accountId, keyId: nextId(), name: 'a key', secretHash: 'hash', createdAt: AT };
  }

  it('are listed for their account alone, oldest first', async () => {
    const [mine, other] = [nextId(), nextId()];
    const second = { ...aKey(mine), createdAt: '2026-11-22T10:00:00.001Z' };
    const first = aKey(mine);
    await accounts.addKey(second);
    await accounts.addKey(first);
    await accounts.addKey(aKey(other));
    await accounts.startLogin(aLogin(mine));

    expect(await accounts.listKeys(mine)).toEqual([first, second]);
    expect(await accounts.getKey({ accountId: other, keyId: first.keyId })).toBeUndefined();
  });

  it('know the day of their last use, and stay removed', async () => {
    const key = aKey(nextId());
    await accounts.addKey(key);
    await accounts.markKeyUsed(key, '2026-11-22');
    expect(await accounts.getKey(key)).toEqual({ ...key, lastUsedOn: '2026-11-22' });

    expect(await accounts.removeKey(key)).toBe(true);
    expect(await accounts.removeKey(key)).toBe(false);
    await accounts.markKeyUsed(key, '2026-11-23');
    expect(await accounts.getKey(key)).toBeUndefined();
  });
});

describe('throttle counters', () => {
  const limit = { attemptsMax: 3, windowS: 60 };

  it('count each subject and each window for itself', async () => {
    const throttle = new ThrottleRepository(open.table);
    const now = open.clock.now;
    const later = new Date(now.getTime() + 60_000);

    expect(await throttle.count('a', limit, now)).toBe(1);
    expect(await throttle.count('a', limit, now)).toBe(2);
    expect(await throttle.count('b', limit, now)).toBe(1);
    expect(await throttle.count('a', limit, later)).toBe(1);
    await throttle.uncount('a', limit, now);
    expect(await throttle.count('a', limit, now)).toBe(2);
    await throttle.clear('a', limit, now);
    expect(await throttle.count('a', limit, now)).toBe(1);
  });

  it('lose no count when many come at once', async () => {
    const throttle = new ThrottleRepository(open.table);
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => throttle.count('many', limit, open.clock.now)),
    );

    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});
