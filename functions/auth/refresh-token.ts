import type { Login } from '#shared/domain/account.ts';
import { formatCredential, parseCredential } from '#shared/domain/credential.ts';
import { DomainError } from '#shared/domain/error.ts';
import { toObjectId } from '#shared/domain/identifier.ts';
import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_LIFE_S, signAccessToken } from './access-token.ts';
import { hashSecret, newSecret, sameSecret } from './secret.ts';

const REFRESH_TOKEN_LIFE_MS = 30 * 24 * 3600 * 1000;
/** Of a login's used tokens so many are known again: more than a day's worth at one each 15 minutes. */
const RETIRED_HASHES_MAX = 100;

/** What a login or a refresh hands out, in the API's words. */
export type Tokens = {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds until the access token expires. */
  readonly expires_in: number;
};

type Needs = Pick<Deps, 'accounts' | 'tokenKeys' | 'now' | 'randomBytes'>;

/** Begins a login of an account that has proven itself. */
export async function startLogin(accountId: string, deps: Needs): Promise<Tokens> {
  const now = deps.now();
  const secret = newSecret(deps.randomBytes);
  const login: Login = {
    accountId,
    loginId: toObjectId(now.getTime() / 1000, deps.randomBytes(8)),
    secretHash: hashSecret(secret),
    retiredHashes: [],
    createdAt: now.toISOString(),
    validUntil: validUntil(now),
  };
  await deps.accounts.startLogin(login);
  return await toTokens(login, secret, deps);
}

/**
 * Replaces a refresh token. Throws `unauthorized` for a token that is not good; one that was used before ends
 * its login, since either its owner or a thief holds a copy.
 */
export async function rotateRefreshToken(token: string, deps: Needs): Promise<Tokens> {
  const login = await requireLogin(token, deps);
  const secret = newSecret(deps.randomBytes);
  const next = {
    secretHash: hashSecret(secret),
    retiredHashes: [...login.retiredHashes, login.secretHash].slice(-RETIRED_HASHES_MAX),
    validUntil: validUntil(deps.now()),
  };
  if (!(await deps.accounts.rotateLogin(login, next))) {
    await deps.accounts.endLogin(login);
    throw refusedToken();
  }
  return await toTokens(login, secret, deps);
}

/** The login that a refresh token belongs to. Throws `unauthorized`, and ends the login of a reused token. */
export async function requireLogin(
  token: string,
  { accounts }: Pick<Needs, 'accounts'>,
): Promise<Login> {
  const credential = parseCredential('refresh_token', token);
  if (!credential) throw refusedToken();
  const { accountId, id: loginId, secret } = credential;
  const login = await accounts.getLogin({ accountId, loginId });
  if (!login) throw refusedToken();
  const secretHash = hashSecret(secret);
  if (sameSecret(secretHash, login.secretHash)) return login;
  const isReused = login.retiredHashes.some((retired) => sameSecret(secretHash, retired));
  if (isReused) await accounts.endLogin(login);
  throw refusedToken();
}

function refusedToken(): DomainError {
  return new DomainError('unauthorized', 'The refresh token is not valid.');
}

function validUntil(now: Date): string {
  return new Date(now.getTime() + REFRESH_TOKEN_LIFE_MS).toISOString();
}

async function toTokens(login: Login, secret: string, deps: Needs): Promise<Tokens> {
  const { accountId, loginId } = login;
  return {
    access_token: await signAccessToken({ accountId, loginId }, deps),
    refresh_token: formatCredential({ kind: 'refresh_token', accountId, id: loginId, secret }),
    expires_in: ACCESS_TOKEN_LIFE_S,
  };
}
