import { createPublicKey, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { invert } from '@noble/curves/abstract/modular.js';

/** The prime of Curve25519 (RFC 7748, section 4.1). */
const P = 2n ** 255n - 19n;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const SIGN_BIT = 0x80;

/** What libsignal asks whether a signature is right (curve25519-js). */
export type SignatureCheck = { verify: typeof verifySignature };

/**
 * Makes libsignal check signatures by OpenSSL. Its own way, in JavaScript, takes 7 ms of CPU for each: two at every
 * login, one with every message of a group. There is no option for it, but the module that it asks is not frozen, and
 * is asked anew each time (libsignal/src/curve.js).
 */
export function useNativeSignatures(): void {
  findSignatureCheck().verify = verifySignature;
}

/** The very one of Baileys' libsignal, wherever that was installed. */
export function findSignatureCheck(): SignatureCheck {
  const baileys = createRequire(import.meta.resolve('@whiskeysockets/baileys'));
  const check: SignatureCheck = createRequire(baileys.resolve('libsignal'))('curve25519-js');
  return check;
}

/**
 * Whether the XEdDSA signature (64 bytes) is that of the Curve25519 key (32 bytes, without a type byte): as Signal's
 * specification has it, but that the top bit of the signature is the sign of the Edwards key, which libsignal keeps
 * there. Throws for other lengths.
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== KEY_BYTES) throw new Error('wrong public key length');
  if (signature.length !== SIGNATURE_BYTES) throw new Error('wrong signature length');
  const edwards = toEdwards(publicKey);
  if (edwards === undefined) return false;
  const bare = Buffer.from(signature);
  const last = bare.readUInt8(SIGNATURE_BYTES - 1);
  bare.writeUInt8(last & ~SIGN_BIT, SIGNATURE_BYTES - 1);
  edwards.writeUInt8(edwards.readUInt8(KEY_BYTES - 1) | (last & SIGN_BIT), KEY_BYTES - 1);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: edwards.toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), bare);
}

/** y = (u - 1) / (u + 1) (RFC 7748, section 4.1); `undefined` where that is no number. */
function toEdwards(publicKey: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(publicKey).reverse();
  bytes.writeUInt8(bytes.readUInt8(0) & ~SIGN_BIT, 0);
  const u = BigInt(`0x${bytes.toString('hex')}`) % P;
  if (u === P - 1n) return undefined;
  const y = ((u + P - 1n) * invert(u + 1n, P)) % P;
  return Buffer.from(y.toString(16).padStart(2 * KEY_BYTES, '0'), 'hex').reverse();
}
