import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ObjectId } from '#shared/domain/identifier.ts';

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

type Needs = { readonly jwtSecret: Uint8Array; now(): Date };

const Claims = z
  .object({ sub: ObjectId, sid: ObjectId })
  .transform(({ sub, sid }): AccessTokenSubject => ({ accountId: sub, loginId: sid }));

/** A JWT that is good for 15 minutes, even when its login ends before: nothing is read to check it. */
export async function signAccessToken(
  { accountId, loginId }: AccessTokenSubject,
  { jwtSecret, now }: Needs,
): Promise<string> {
  const issuedAtS = Math.floor(now().getTime() / 1000);
  return await new SignJWT({ sid: loginId })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(accountId)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + ACCESS_TOKEN_LIFE_S)
    .sign(jwtSecret);
}

/** `expired` only when all else about the token is right. */
export async function checkAccessToken(
  token: string,
  { jwtSecret, now }: Needs,
): Promise<AccessTokenCheck> {
  try {
    const { payload } = await jwtVerify(token, jwtSecret, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: now(),
    });
    return toCheck('valid', payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return toCheck('expired', error.payload);
    if (error instanceof errors.JOSEError) return { kind: 'invalid' };
    throw error;
  }
}

function toCheck(kind: 'valid' | 'expired', payload: unknown): AccessTokenCheck {
  const claims = Claims.safeParse(payload);
  return claims.success ? { kind, subject: claims.data } : { kind: 'invalid' };
}
