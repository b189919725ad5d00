import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { deriveBytes } from '#simulator/signal/key-derivation.ts';
import { type KeyPair, sharedSecret } from '#simulator/signal/keys.ts';

// Linking by an eight-character code, the phone's side. The order of things:
// 1. The companion shows a code and sends `companion_hello` with its ephemeral key, which is
//    encrypted under the code (Baileys Socket/socket.js, requestPairingCode).
// 2. The person types the code into the phone: `unwrapEphemeralKey` opens the companion's key,
//    `wrapEphemeralKey` hides the phone's, and a `link_code_companion_reg` notification takes it
//    to the companion with the phone's identity key and a reference.
// 3. The companion answers with `companion_finish`: `openKeyBundle` checks it, and gives the
//    secret with which pair-success is authenticated (Baileys Socket/messages-recv.js).

/** A ceremony that failed: most often the person typed another code than the companion shows. */
export class PairingError extends Error {
  override readonly name = 'PairingError';
}

const CODE_PATTERN = /^[0-9A-Z]{8}$/;

/** Baileys: 2 << 16 rounds. */
const PBKDF2_ROUNDS = 131_072;
const KEY_BYTES = 32;
const SALT_BYTES = 32;
const CTR_IV_BYTES = 16;
const WRAPPED_KEY_BYTES = SALT_BYTES + CTR_IV_BYTES + KEY_BYTES;

const GCM_IV_BYTES = 12;
const GCM_TAG_BYTES = 16;
const BUNDLE_INFO = 'link_code_pairing_key_bundle_encryption_key';
/** Companion's identity, phone's identity, random bytes. */
const BUNDLE_BYTES = 3 * KEY_BYTES;
const SEALED_BUNDLE_BYTES = SALT_BYTES + GCM_IV_BYTES + BUNDLE_BYTES + GCM_TAG_BYTES;

const pbkdf2Async = promisify(pbkdf2);

/** The code as a person types it ("abcd-efgh") in its plain form; undefined when it is none. */
export function parsePairingCode(text: string): string | undefined {
  const code = text.replaceAll(/[\s-]/g, '').toUpperCase();
  return CODE_PATTERN.test(code) ? code : undefined;
}

/** Salt, IV and encrypted key, 80 bytes: the phone's ephemeral key for the notification. */
export async function wrapEphemeralKey(code: string, publicKey: Uint8Array): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(CTR_IV_BYTES);
  const cipher = createCipheriv('aes-256-ctr', await keyOfCode(code, salt), iv);
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()]);
}

/**
 * The companion's ephemeral key. Nothing tells a wrong code here: it yields a wrong key, and
 * `openKeyBundle` fails. Throws PairingError for a wrong length.
 */
export async function unwrapEphemeralKey(code: string, wrapped: Uint8Array): Promise<Buffer> {
  if (wrapped.length !== WRAPPED_KEY_BYTES) {
    throw new PairingError('The wrapped key has a wrong length.');
  }
  const salt = wrapped.subarray(0, SALT_BYTES);
  const iv = wrapped.subarray(SALT_BYTES, SALT_BYTES + CTR_IV_BYTES);
  const decipher = createDecipheriv('aes-256-ctr', await keyOfCode(code, salt), iv);
  const sealed = wrapped.subarray(SALT_BYTES + CTR_IV_BYTES);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

/**
 * Opens `link_code_pairing_wrapped_key_bundle` of companion_finish. Gives the companion's identity
 * key and the secret of the device identity. Throws PairingError when the code was wrong or the
 * bundle is meant for another phone, SignalError for keys of small order.
 */
export function openKeyBundle(input: {
  phoneEphemeral: KeyPair;
  phoneIdentity: KeyPair;
  companionEphemeralPublic: Uint8Array;
  wrappedBundle: Uint8Array;
}): { advSecret: Buffer; companionIdentity: Buffer } {
  const { phoneEphemeral, phoneIdentity, companionEphemeralPublic, wrappedBundle } = input;
  const ephemeralShared = sharedSecret(phoneEphemeral.private, companionEphemeralPublic);
  const bundle = openBundle(ephemeralShared, wrappedBundle);
  const companionIdentity = bundle.subarray(0, KEY_BYTES);
  if (!bundle.subarray(KEY_BYTES, 2 * KEY_BYTES).equals(phoneIdentity.public)) {
    throw new PairingError('The key bundle is meant for another phone.');
  }
  const identityShared = sharedSecret(phoneIdentity.private, companionIdentity);
  const secret = Buffer.concat([ephemeralShared, identityShared, bundle.subarray(2 * KEY_BYTES)]);
  return {
    advSecret: deriveBytes(secret, 'adv_secret', { length: KEY_BYTES }),
    companionIdentity,
  };
}

function openBundle(ephemeralShared: Buffer, wrapped: Uint8Array): Buffer {
  if (wrapped.length !== SEALED_BUNDLE_BYTES) {
    throw new PairingError('The key bundle has a wrong length.');
  }
  const salt = wrapped.subarray(0, SALT_BYTES);
  const iv = wrapped.subarray(SALT_BYTES, SALT_BYTES + GCM_IV_BYTES);
  const sealed = wrapped.subarray(SALT_BYTES + GCM_IV_BYTES);
  const key = deriveBytes(ephemeralShared, BUNDLE_INFO, { length: KEY_BYTES, salt });
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: GCM_TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(BUNDLE_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, BUNDLE_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new PairingError('The code is not the one which the companion shows.', { cause });
  }
}

function keyOfCode(code: string, salt: Uint8Array): Promise<Buffer> {
  return pbkdf2Async(code, salt, PBKDF2_ROUNDS, KEY_BYTES, 'sha256');
}
