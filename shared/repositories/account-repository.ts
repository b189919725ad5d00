import * as z from 'zod';
import { Account, ApiKey, Login } from '../domain/account.ts';
import { DomainError } from '../domain/error.ts';
import { ObjectId } from '../domain/identifier.ts';
import { type Condition, ConditionFailed, type Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { byCreation } from './by-creation.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

const EmailPointer = z.object({ accountId: ObjectId });
const StoredAccount = withoutTableKeys.pipe(Account);
const StoredLogin = withoutTableKeys.pipe(Login);
const StoredApiKey = withoutTableKeys.pipe(ApiKey);

const THERE: Condition = { kind: 'present', field: 'pk' };
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

type LoginRef = Pick<Login, 'accountId' | 'loginId'>;
type ApiKeyRef = Pick<ApiKey, 'accountId' | 'keyId'>;

/** Accounts, their logins and their API keys. Of secrets it holds only hashes. */
export class AccountRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Throws `email_taken`. */
  async create(account: Account): Promise<void> {
    const { accountId, email } = account;
    try {
      await this.#table.write(
        { kind: 'put', item: { ...keys.email(email), accountId }, condition: NOT_THERE },
        {
          kind: 'put',
          item: { ...toAttributes(account), ...keys.account(accountId) },
          condition: NOT_THERE,
        },
      );
    } catch (cause) {
      if (!(cause instanceof ConditionFailed && cause.opIndex === 0)) throw cause;
      throw new DomainError('email_taken', 'There is an account with this e-mail.', { cause });
    }
  }

  async getByEmail(email: string): Promise<Account | undefined> {
    const pointer = await this.#table.get(keys.email(email));
    if (!pointer) return undefined;
    return await this.get(EmailPointer.parse(pointer).accountId);
  }

  async get(accountId: string): Promise<Account | undefined> {
    const item = await this.#table.get(keys.account(accountId));
    return item && StoredAccount.parse(item);
  }

  /** `undefined` takes the role away. `false` when there is no such account. */
  async setRole(accountId: string, role: Account['role']): Promise<boolean> {
    return await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.account(accountId),
      ...(role === undefined ? { remove: ['role'] } : { set: { role } }),
      condition: THERE,
    });
  }

  /** `false` when there is no such account. */
  async setPassword(accountId: string, passwordHash: string): Promise<boolean> {
    return await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.account(accountId),
      set: { passwordHash },
      condition: THERE,
    });
  }

  async startLogin(login: Login): Promise<void> {
    const { accountId, loginId, validUntil } = login;
    await this.#table.write({
      kind: 'put',
      item: {
        ...toAttributes(login),
        ...keys.refresh(accountId, loginId),
        expiresAt: toEpochS(validUntil),
      },
      condition: NOT_THERE,
    });
  }

  async getLogin({ accountId, loginId }: LoginRef): Promise<Login | undefined> {
    const item = await this.#table.get(keys.refresh(accountId, loginId));
    return item && StoredLogin.parse(item);
  }

  /** Puts `next` where `login` was. `false` when the token was replaced meanwhile, or the login has ended. */
  async rotateLogin(
    login: Login,
    next: Pick<Login, 'secretHash' | 'retiredHashes' | 'validUntil'>,
  ): Promise<boolean> {
    const { accountId, loginId, secretHash } = login;
    return await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.refresh(accountId, loginId),
      set: { ...toAttributes(next), expiresAt: toEpochS(next.validUntil) },
      condition: { kind: 'equals', field: 'secretHash', value: secretHash },
    });
  }

  /** Ending a login twice is not an error. */
  async endLogin({ accountId, loginId }: LoginRef): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keys.refresh(accountId, loginId) });
  }

  /** Ends all logins of an account, and answers how many there were. */
  async endLogins(accountId: string): Promise<number> {
    const { pk: partition, sk: prefix } = keys.refresh(accountId, '');
    const sort = { kind: 'prefix', prefix } as const;
    let count = 0;
    for await (const { pk, sk } of readAll(this.#table, { index: 'primary', partition, sort })) {
      await this.#table.write({ kind: 'delete', key: { pk, sk } });
      count += 1;
    }
    return count;
  }

  async addKey(key: ApiKey): Promise<void> {
    const { accountId, keyId } = key;
    await this.#table.write({
      kind: 'put',
      item: { ...toAttributes(key), ...keys.apiKey(accountId, keyId) },
      condition: NOT_THERE,
    });
  }

  async getKey({ accountId, keyId }: ApiKeyRef): Promise<ApiKey | undefined> {
    const item = await this.#table.get(keys.apiKey(accountId, keyId));
    return item && StoredApiKey.parse(item);
  }

  /** All of an account's, oldest first. */
  async listKeys(accountId: string): Promise<ApiKey[]> {
    const apiKeys: ApiKey[] = [];
    const { pk: partition, sk: prefix } = keys.apiKey(accountId, '');
    const sort = { kind: 'prefix', prefix } as const;
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      apiKeys.push(StoredApiKey.parse(item));
    }
    return apiKeys.sort(byCreation);
  }

  /** A key that was removed meanwhile stays removed. */
  async markKeyUsed({ accountId, keyId }: ApiKeyRef, day: string): Promise<void> {
    await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.apiKey(accountId, keyId),
      set: { lastUsedOn: day },
      condition: THERE,
    });
  }

  /** `false` when the account has no such key. */
  async removeKey({ accountId, keyId }: ApiKeyRef): Promise<boolean> {
    return await writeUnlessRefused(this.#table, {
      kind: 'delete',
      key: keys.apiKey(accountId, keyId),
      condition: THERE,
    });
  }
}

function toEpochS(time: string): number {
  return Math.ceil(new Date(time).getTime() / 1000);
}
