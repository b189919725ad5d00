import { deriveBytes } from './key-derivation.ts';
import { type KeyPair, sharedSecret } from './keys.ts';

// X3DH (Signal's specification, section 3.3) in protocol version 3.

/** What both sides have after the agreement: 32 bytes each. */
export type AgreedKeys = { readonly rootKey: Buffer; readonly chainKey: Buffer };

const KEY_BYTES = 32;

/** F of the specification: 32 bytes of 0xff before the shared secrets. */
const DISCONTINUITY = Buffer.alloc(KEY_BYTES, 0xff);

/** The side that sends the first message; the keys of the other side are raw or with type byte. */
export function agreeAsInitiator(input: {
  identity: KeyPair;
  baseKey: KeyPair;
  remoteIdentity: Uint8Array;
  remoteSignedPreKey: Uint8Array;
  remotePreKey?: Uint8Array | undefined;
}): AgreedKeys {
  const secrets = [
    sharedSecret(input.identity.private, input.remoteSignedPreKey),
    sharedSecret(input.baseKey.private, input.remoteIdentity),
    sharedSecret(input.baseKey.private, input.remoteSignedPreKey),
  ];
  if (input.remotePreKey) secrets.push(sharedSecret(input.baseKey.private, input.remotePreKey));
  return keysOf(secrets);
}

/** The side whose bundle was used. */
export function agreeAsResponder(input: {
  identity: KeyPair;
  signedPreKey: KeyPair;
  preKey?: KeyPair | undefined;
  remoteIdentity: Uint8Array;
  remoteBaseKey: Uint8Array;
}): AgreedKeys {
  const secrets = [
    sharedSecret(input.signedPreKey.private, input.remoteIdentity),
    sharedSecret(input.identity.private, input.remoteBaseKey),
    sharedSecret(input.signedPreKey.private, input.remoteBaseKey),
  ];
  if (input.preKey) secrets.push(sharedSecret(input.preKey.private, input.remoteBaseKey));
  return keysOf(secrets);
}

function keysOf(secrets: readonly Buffer[]): AgreedKeys {
  const secret = Buffer.concat([DISCONTINUITY, ...secrets]);
  const okm = deriveBytes(secret, 'WhisperText', { length: 2 * KEY_BYTES });
  return { rootKey: okm.subarray(0, KEY_BYTES), chainKey: okm.subarray(KEY_BYTES) };
}
