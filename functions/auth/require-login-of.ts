import { DomainError } from '#shared/domain/error.ts';
import type { Principal } from '../http/authenticate.ts';

/** The login of a caller who came by one. An API key cannot manage keys and logins: throws `forbidden`. */
export function requireLoginOf({ accountId, via }: Principal): {
  accountId: string;
  loginId: string;
} {
  if (via.kind === 'login') return { accountId, loginId: via.loginId };
  throw new DomainError(
    'forbidden',
    'An API key cannot manage keys or logins. Use the access token of a login.',
  );
}
