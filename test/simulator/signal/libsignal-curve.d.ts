/** The part of libsignal's curve that the tests use; the package has no types for it. */
declare module 'libsignal/src/curve.js' {
  /** Keys have their type byte; false when the signature is wrong. */
  export function verifySignature(
    publicKey: Buffer,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean;
  export function calculateSignature(privateKey: Buffer, message: Uint8Array): Buffer;
  export function getPublicFromPrivateKey(privateKey: Buffer): Buffer;
}
