import type { Account } from '#shared/domain/account.ts';
import type { Tokens } from './refresh-token.ts';

/** What `register` and `login` answer. */
export function toLoginView({ accountId, email, name, createdAt }: Account, tokens: Tokens) {
  return { user: { _id: accountId, email, name, createdAt }, ...tokens };
}
