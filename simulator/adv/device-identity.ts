import {
  ADVDeviceIdentity,
  ADVSignedDeviceIdentity,
  ADVSignedDeviceIdentityHMAC,
} from '#simulator/proto/device-identity.ts';
import { hmacSha256 } from '#simulator/signal/key-derivation.ts';
import type { KeyPair } from '#simulator/signal/keys.ts';
import { sign, verify } from '#simulator/signal/xeddsa.ts';

// How a phone and its companion vouch for each other (Baileys Utils/validate-connection.js).

/** Before what the phone signs, and before what the companion signs. */
const ACCOUNT_PREFIX = Buffer.of(6, 0);
const DEVICE_PREFIX = Buffer.of(6, 1);

/**
 * The phone's word that this companion is one of its devices. `signedHmac` goes into the
 * pair-success stanza; `details` are needed again to check the companion's answer.
 */
export function issueDeviceIdentity(input: {
  phoneIdentity: KeyPair;
  companionIdentity: Uint8Array;
  advSecret: Uint8Array;
  keyIndex: number;
  timestampS: number;
  rawId: number;
}): { signedHmac: Buffer; details: Buffer } {
  const { phoneIdentity, companionIdentity, advSecret, keyIndex, timestampS, rawId } = input;
  const details = ADVDeviceIdentity.encode({ rawId, timestamp: timestampS, keyIndex });
  const signed = ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: phoneIdentity.public,
    accountSignature: sign(
      phoneIdentity.private,
      Buffer.concat([ACCOUNT_PREFIX, details, companionIdentity]),
    ),
  });
  const hmac = hmacSha256(advSecret, signed);
  return { signedHmac: ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }), details };
}

/**
 * Whether the companion signed the identity that it got: `signedIdentity` is the content of its
 * device-identity node. Throws ProtoError when that is no ADVSignedDeviceIdentity.
 */
export function verifyCountersignedIdentity(input: {
  signedIdentity: Uint8Array;
  details: Uint8Array;
  phoneIdentityPublic: Uint8Array;
  companionIdentity: Uint8Array;
}): boolean {
  const { details, deviceSignature } = ADVSignedDeviceIdentity.decode(input.signedIdentity);
  if (!details || !deviceSignature || !Buffer.from(input.details).equals(details)) return false;
  const { companionIdentity, phoneIdentityPublic } = input;
  const message = Buffer.concat([DEVICE_PREFIX, details, companionIdentity, phoneIdentityPublic]);
  return verify(companionIdentity, message, deviceSignature);
}
