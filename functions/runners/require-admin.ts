import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../http/authenticate.ts';

/** Throws `forbidden` when the account is no operator's. */
export async function requireAdmin(
  { accountId }: Principal,
  { accounts }: Pick<Deps, 'accounts'>,
): Promise<void> {
  const account = await accounts.get(accountId);
  if (account?.role === 'ADMIN') return;
  throw new DomainError('forbidden', 'This is for operators of the system.');
}
