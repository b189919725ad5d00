import * as z from 'zod';
import { ObjectId } from './identifier.ts';

/** RFC 5321: the longest address that mail can be sent to. */
const EMAIL_LENGTH_MAX = 254;
const NAME_LENGTH_MAX = 100;
/** NIST SP 800-63B: at least 8, and no rules about kinds of characters. */
export const PASSWORD_LENGTH_MIN = 8;
/** Bounds the work of hashing. */
export const PASSWORD_LENGTH_MAX = 200;

/** An e-mail address in the one form in which accounts are told apart: trimmed, lower case. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email('must be an e-mail address').max(EMAIL_LENGTH_MAX));

export const NewPassword = z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX);

/** What a person calls an account or a key. */
export const DisplayName = z.string().trim().max(NAME_LENGTH_MAX);

/** A customer of the API. */
export const Account = z.strictObject({
  accountId: ObjectId,
  email: z.string(),
  name: z.string(),
  /** `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`, base64url. */
  passwordHash: z.string(),
  createdAt: z.iso.datetime(),
  /** An operator of the whole system; most accounts have no role. */
  role: z.literal('ADMIN').optional(),
});
export type Account = z.infer<typeof Account>;

/**
 * What one login began. Its refresh token is used once and then replaced; a token that comes a second time was
 * copied by somebody, and ends the login.
 */
export const Login = z.strictObject({
  accountId: ObjectId,
  loginId: ObjectId,
  /** SHA-256 of the secret of the refresh token that is good now, hex. */
  secretHash: z.string(),
  /** The hashes of those before it, newest last. */
  retiredHashes: z.array(z.string()),
  createdAt: z.iso.datetime(),
  /** The table forgets the login then. */
  validUntil: z.iso.datetime(),
});
export type Login = z.infer<typeof Login>;

/** A key with which a program calls the API for an account. */
export const ApiKey = z.strictObject({
  accountId: ObjectId,
  keyId: ObjectId,
  name: z.string(),
  /** SHA-256 of the key's secret, hex. */
  secretHash: z.string(),
  createdAt: z.iso.datetime(),
  /** To the day, so that a busy key costs one write a day. */
  lastUsedOn: z.iso.date().optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;
