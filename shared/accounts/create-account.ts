import type { Account } from '../domain/account.ts';
import { toObjectId } from '../domain/identifier.ts';
import type { AccountRepository } from '../repositories/account-repository.ts';
import type { PasswordHasher } from './password-hasher.ts';

export type NewAccount = Pick<Account, 'email' | 'name'> & { readonly password: string };

export type CreateAccountDeps = {
  readonly accounts: Pick<AccountRepository, 'create'>;
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
};

/** Makes an account of checked fields. Throws `email_taken`. */
export async function createAccount(
  { email, name, password }: NewAccount,
  { accounts, passwords, now, randomBytes }: CreateAccountDeps,
): Promise<Account> {
  const createdAt = now();
  const account: Account = {
    accountId: toObjectId(createdAt.getTime() / 1000, randomBytes(8)),
    email,
    name,
    passwordHash: await passwords.hash(password),
    createdAt: createdAt.toISOString(),
  };
  await accounts.create(account);
  return account;
}
