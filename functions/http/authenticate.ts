import { looksLike, parseCredential } from '#shared/domain/credential.ts';
import { DomainError } from '#shared/domain/error.ts';
import { checkAccessToken, signAccessToken } from '../auth/access-token.ts';
import { requireLogin } from '../auth/refresh-token.ts';
import { hashSecret, sameSecret } from '../auth/secret.ts';
import type { Deps } from '../deps.ts';

/** The account that a call speaks for, and by what it proved it. */
export type Principal = {
  readonly accountId: string;
  readonly via:
    | { readonly kind: 'login'; readonly loginId: string }
    | { readonly kind: 'api_key'; readonly keyId: string };
};

export type Authentication =
  | { readonly kind: 'none' }
  /** `renewedToken` is a new access token in place of one that has expired. */
  | { readonly kind: 'account'; readonly principal: Principal; readonly renewedToken?: string }
  | { readonly kind: 'refused'; readonly error: DomainError };

type Needs = Pick<Deps, 'accounts' | 'tokenKeys' | 'now'>;
type Headers = Readonly<Record<string, string>>;

/** Reads `Authorization: Bearer <access token or API key>`, and `x-refresh` when the access token has expired. */
export async function authenticate(headers: Headers, deps: Needs): Promise<Authentication> {
  const authorization = headers['authorization']?.trim() ?? '';
  if (authorization === '') return { kind: 'none' };
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) return refused();
  if (looksLike('api_key', token)) return await authenticateKey(token, deps);

  const check = await checkAccessToken(token, deps);
  switch (check.kind) {
    case 'valid':
      return { kind: 'account', principal: toPrincipal(check.subject) };
    case 'expired':
      return await renew(check.subject.accountId, headers['x-refresh']?.trim() ?? '', deps);
    case 'invalid':
      return refused();
  }
}

/** The error of a call without any credentials that count. */
export function unauthorized(): DomainError {
  return new DomainError('unauthorized', 'Missing or wrong credentials.');
}

function refused(): Authentication {
  return { kind: 'refused', error: unauthorized() };
}

async function authenticateKey(text: string, { accounts, now }: Needs): Promise<Authentication> {
  const credential = parseCredential('api_key', text);
  if (!credential) return refused();
  const { accountId, id: keyId, secret } = credential;
  const key = await accounts.getKey({ accountId, keyId });
  if (!key || !sameSecret(hashSecret(secret), key.secretHash)) return refused();
  const today = now().toISOString().slice(0, 'YYYY-MM-DD'.length);
  if (key.lastUsedOn !== today) await accounts.markKeyUsed(key, today);
  return { kind: 'account', principal: { accountId, via: { kind: 'api_key', keyId } } };
}

/** The refresh token is not used up by this: only `/auth/refresh` replaces it. */
async function renew(
  accountId: string,
  refreshToken: string,
  deps: Needs,
): Promise<Authentication> {
  if (refreshToken === '') return expired();
  try {
    const login = await requireLogin(refreshToken, deps);
    if (login.accountId !== accountId) return expired();
    return {
      kind: 'account',
      principal: toPrincipal(login),
      renewedToken: await signAccessToken(login, deps),
    };
  } catch (error) {
    if (error instanceof DomainError) return expired();
    throw error;
  }
}

function expired(): Authentication {
  const error = new DomainError('token_expired', 'The access token has expired.');
  return { kind: 'refused', error };
}

function toPrincipal({ accountId, loginId }: { accountId: string; loginId: string }): Principal {
  return { accountId, via: { kind: 'login', loginId } };
}
