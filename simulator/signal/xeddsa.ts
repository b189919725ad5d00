import { createHash, createPublicKey, verify as nodeVerify, randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

import { withoutTypeByte } from './keys.ts';

// XEdDSA: Ed25519 signatures by X25519 keys (Signal's specification "The XEdDSA and VXEdDSA
// Signature Schemes", section 4).

const { Fp, Fn } = ed25519.Point;
const HALF_BYTES = 32;
const SIGNATURE_BYTES = 64;
const NONCE_BYTES = 64;
const SIGN_BIT = 0x80;

/** hash_1 of the specification: 2^256 - 2 in little-endian before the hashed data. */
const HASH_1_PREFIX = Buffer.concat([Buffer.of(0xfe), Buffer.alloc(HALF_BYTES - 1, 0xff)]);

/** Signs with a raw X25519 private key; 64 bytes. Every signature differs: it is randomised. */
export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
  const { scalar, publicKey } = edwardsKeyOf(privateKey);
  const nonce = scalarOf(HASH_1_PREFIX, bytesOfNumber(scalar), message, randomBytes(NONCE_BYTES));
  const commitment = Buffer.from(ed25519.Point.BASE.multiply(nonce).toBytes());
  const challenge = scalarOf(commitment, publicKey, message);
  const response = Fn.add(nonce, Fn.mul(challenge, scalar));
  return Buffer.concat([commitment, bytesOfNumber(response)]);
}

/**
 * Whether the signature is that of the public key (32 bytes, or 33 with the type byte).
 * Older signers, libsignal among them, keep the sign of the Edwards key in the top bit.
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const u = numberOf(withoutTypeByte(publicKey));
  if (u >= Fp.ORDER || u === Fp.neg(Fp.ONE)) return false;
  const edwards = Buffer.from(Fp.toBytes(Fp.mul(Fp.sub(u, Fp.ONE), Fp.inv(Fp.add(u, Fp.ONE)))));
  const edSignature = Buffer.from(signature);
  const last = SIGNATURE_BYTES - 1;
  const signByte = edSignature.readUInt8(last);
  edwards.writeUInt8(edwards.readUInt8(HALF_BYTES - 1) | (signByte & SIGN_BIT), HALF_BYTES - 1);
  edSignature.writeUInt8(signByte & ~SIGN_BIT, last);
  return verifyEd25519(edwards, message, edSignature);
}

/** Node's Ed25519 is fifteen times as fast as one in JavaScript. */
function verifyEd25519(publicKey: Buffer, message: Uint8Array, signature: Buffer): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return nodeVerify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

/**
 * The Edwards key of an X25519 private key. Its sign is always zero, as the specification wants:
 * the scalar is negated when it is not.
 */
function edwardsKeyOf(privateKey: Uint8Array): { scalar: bigint; publicKey: Buffer } {
  const clamped = Buffer.from(privateKey);
  clamped.writeUInt8(clamped.readUInt8(0) & 0xf8, 0);
  const last = HALF_BYTES - 1;
  clamped.writeUInt8((clamped.readUInt8(last) & 0x7f) | 0x40, last);
  const scalar = Fn.create(numberOf(clamped));
  const publicKey = Buffer.from(ed25519.Point.BASE.multiply(scalar).toBytes());
  const isNegative = (publicKey.readUInt8(last) & SIGN_BIT) !== 0;
  publicKey.writeUInt8(publicKey.readUInt8(last) & ~SIGN_BIT, last);
  return { scalar: isNegative ? Fn.neg(scalar) : scalar, publicKey };
}

/** SHA-512 of the parts, as a number modulo the order of the group. */
function scalarOf(...parts: readonly Uint8Array[]): bigint {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return Fn.create(numberOf(hash.digest()));
}

function numberOf(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`);
}

function bytesOfNumber(scalar: bigint): Buffer {
  return Buffer.from(Fn.toBytes(scalar));
}
