import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { KeyRing, TokenKeys } from './token-keys.ts';

const ISSUER = 'whatsapp-bots';
const AUDIENCE = 'whatsapp-bots-api';
const ALGORITHM = 'HS256';
export const ACCESS_TOKEN_LIFE_S = 15 * 60;

/** Whom an access token speaks for: an account, and the login it came from. */
export type AccessTokenSubject = { readonly accountId: string; readonly loginId: string };

export type AccessTokenCheck =
  | { readonly kind: 'valid'; readonly subject: AccessTokenSubject }
  | { readonly kind: 'expired'; readonly subject: AccessTokenSubject }
  | { readonly kind: 'invalid' };

type Needs = { readonly tokenKeys: TokenKeys; now(): Date };

const Claims = z
  .object({ sub: ObjectId, sid: ObjectId })
  .transform(({ sub, sid }): AccessTokenSubject => ({ accountId: sub, loginId: sid }));

/** A JWT that is good for 15 minutes, even when its login ends before: nothing is read to check it. */
export async function signAccessToken(
  { accountId, loginId }: AccessTokenSubject,
  { tokenKeys, now }: Needs,
): Promise<string> {
  const [signingKey] = await tokenKeys.current();
  const issuedAtS = Math.floor(now().getTime() / 1000);
  return await new SignJWT({ sid: loginId })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(accountId)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + ACCESS_TOKEN_LIFE_S)
    .sign(signingKey);
}

/** `expired` only when all else about the token is right. Throws `unavailable` while there are no keys. */
export async function checkAccessToken(
  token: string,
  { tokenKeys, now }: Needs,
): Promise<AccessTokenCheck> {
  const known = await tokenKeys.current();
  const check = await checkWithAny(token, known, now());
  if (check.kind !== 'unknown_key') return check;
  const newer = await tokenKeys.newerThan(known);
  const second = newer ? await checkWithAny(token, newer, now()) : check;
  return second.kind === 'unknown_key' ? { kind: 'invalid' } : second;
}

/** The signature was made with none of the keys, or by nobody who has one. */
type KeyCheck = AccessTokenCheck | { readonly kind: 'unknown_key' };

async function checkWithAny(token: string, keys: KeyRing, at: Date): Promise<KeyCheck> {
  for (const key of keys) {
    const check = await checkWith(token, key, at);
    if (check.kind !== 'unknown_key') return check;
  }
  return { kind: 'unknown_key' };
}

async function checkWith(token: string, key: Uint8Array, at: Date): Promise<KeyCheck> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: at,
    });
    return toCheck('valid', payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return toCheck('expired', error.payload);
    if (error instanceof errors.JWSSignatureVerificationFailed) return { kind: 'unknown_key' };
    if (error instanceof errors.JOSEError) return { kind: 'invalid' };
    throw error;
  }
}

function toCheck(kind: 'valid' | 'expired', payload: unknown): AccessTokenCheck {
  const claims = Claims.safeParse(payload);
  return claims.success ? { kind, subject: claims.data } : { kind: 'invalid' };
}
