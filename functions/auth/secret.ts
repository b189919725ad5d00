import { createHash, timingSafeEqual } from 'node:crypto';

/** 256 bits: more than can ever be guessed, so that a plain hash keeps it. */
const SECRET_BYTES = 32;

/** A new secret in base64url, 43 characters. */
export function newSecret(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
}

/** SHA-256 in hex: how a random secret is kept. Passwords need `PasswordHasher`. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes the same time wherever the texts differ, and whatever their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
