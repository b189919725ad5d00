import { defineMessage } from './codec.ts';
import { type Fields, scalar } from './field.ts';

// The field numbers are WhatsApp's public wire format, as in Baileys' WAProto.proto.

const identityFields = {
  rawId: scalar(1, 'uint32'),
  timestamp: scalar(2, 'uint64'),
  keyIndex: scalar(3, 'uint32'),
  accountType: scalar(4, 'uint32'),
  deviceType: scalar(5, 'uint32'),
};
/** What a phone says about its companion; the types are 0 (end to end) or 1 (hosted). */
export type ADVDeviceIdentity = Fields<typeof identityFields>;
export const ADVDeviceIdentity = defineMessage('ADVDeviceIdentity', identityFields);

const signedFields = {
  details: scalar(1, 'bytes'),
  accountSignatureKey: scalar(2, 'bytes'),
  accountSignature: scalar(3, 'bytes'),
  deviceSignature: scalar(4, 'bytes'),
};
/** An ADVDeviceIdentity with the phone's signature, and later the companion's too. */
export type ADVSignedDeviceIdentity = Fields<typeof signedFields>;
export const ADVSignedDeviceIdentity = defineMessage('ADVSignedDeviceIdentity', signedFields);

const hmacFields = {
  details: scalar(1, 'bytes'),
  hmac: scalar(2, 'bytes'),
  accountType: scalar(3, 'uint32'),
};
/** An ADVSignedDeviceIdentity, authenticated with the secret of the QR code or pairing code. */
export type ADVSignedDeviceIdentityHMAC = Fields<typeof hmacFields>;
export const ADVSignedDeviceIdentityHMAC = defineMessage('ADVSignedDeviceIdentityHMAC', hmacFields);
