import { deriveBytes, hmacSha256 } from './key-derivation.ts';
import { sharedSecret } from './keys.ts';

// The two ratchets of the Double Ratchet (Signal's specification, sections 2.2 and 5.2).

const KEY_BYTES = 32;
const IV_BYTES = 16;
const MESSAGE_KEY_SEED = Buffer.of(1);
const CHAIN_KEY_SEED = Buffer.of(2);

/** What encrypts one message. */
export type MessageKeys = {
  readonly cipherKey: Buffer;
  readonly macKey: Buffer;
  readonly iv: Buffer;
};

/** One turn of the symmetric ratchet: the secret of one message, and the next chain key. */
export function stepChain(chainKey: Uint8Array): { messageSecret: Buffer; chainKey: Buffer } {
  return {
    messageSecret: hmacSha256(chainKey, MESSAGE_KEY_SEED),
    chainKey: hmacSha256(chainKey, CHAIN_KEY_SEED),
  };
}

export function messageKeysOf(messageSecret: Uint8Array): MessageKeys {
  const length = 2 * KEY_BYTES + IV_BYTES;
  const okm = deriveBytes(messageSecret, 'WhisperMessageKeys', { length });
  return {
    cipherKey: okm.subarray(0, KEY_BYTES),
    macKey: okm.subarray(KEY_BYTES, 2 * KEY_BYTES),
    iv: okm.subarray(2 * KEY_BYTES),
  };
}

/** One turn of the Diffie-Hellman ratchet: the next root key, and the key of a new chain. */
export function stepRoot(
  rootKey: Uint8Array,
  ourPrivate: Uint8Array,
  theirPublic: Uint8Array,
): { rootKey: Buffer; chainKey: Buffer } {
  const secret = sharedSecret(ourPrivate, theirPublic);
  const okm = deriveBytes(secret, 'WhisperRatchet', { length: 2 * KEY_BYTES, salt: rootKey });
  return { rootKey: okm.subarray(0, KEY_BYTES), chainKey: okm.subarray(KEY_BYTES) };
}
