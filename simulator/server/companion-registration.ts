import { ProtoError } from '#simulator/proto/codec.ts';
import { type DevicePairingData, DeviceProps } from '#simulator/proto/messages.ts';
import { withTypeByte } from '#simulator/signal/keys.ts';
import { verify } from '#simulator/signal/xeddsa.ts';
import type { PublicSignedPreKey } from '#simulator/store/companion-records.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const UNKNOWN_PLATFORM = 'unknown';

/** The Signal keys with which a new companion registers. */
export type CompanionRegistration = {
  readonly registrationId: number;
  readonly identityPublic: Buffer;
  readonly signedPreKey: PublicSignedPreKey;
  readonly platform: string;
};

/** Reads and checks what a new companion sent; undefined when a key or signature is wrong. */
export function parseRegistration(data: DevicePairingData): CompanionRegistration | undefined {
  const { eRegid, eIdent, eSkeyId, eSkeyVal, eSkeySig } = data;
  const isComplete =
    eRegid?.length === 4 &&
    eSkeyId?.length === 3 &&
    eIdent?.length === KEY_BYTES &&
    eSkeyVal?.length === KEY_BYTES &&
    eSkeySig?.length === SIGNATURE_BYTES;
  if (!isComplete || !verify(eIdent, withTypeByte(eSkeyVal), eSkeySig)) return undefined;
  return {
    registrationId: Buffer.from(eRegid).readUInt32BE(),
    identityPublic: Buffer.from(eIdent),
    signedPreKey: {
      id: Buffer.from(eSkeyId).readUIntBE(0, 3),
      publicKey: Buffer.from(eSkeyVal),
      signature: Buffer.from(eSkeySig),
    },
    platform: platformOf(data.deviceProps),
  };
}

function platformOf(deviceProps: Uint8Array | undefined): string {
  if (!deviceProps) return UNKNOWN_PLATFORM;
  try {
    return DeviceProps.decode(deviceProps).os || UNKNOWN_PLATFORM;
  } catch (error) {
    if (error instanceof ProtoError) return UNKNOWN_PLATFORM;
    throw error;
  }
}
