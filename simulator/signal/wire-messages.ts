import {
  PreKeyWhisperMessage,
  SenderKeyMessage,
  WhisperMessage,
} from '#simulator/proto/signal-messages.ts';
import { withoutTypeByte } from './keys.ts';
import { SignalError } from './signal-error.ts';

// The bytes of Signal messages of version 3: a version byte, a protobuf, and for two of the three
// kinds a MAC or a signature (libsignal's WhisperTextProtocol; Baileys Signal/Group).

/** The version of the message in the upper half byte, the newest known one in the lower. */
export const VERSION_BYTE = 0x33;
const VERSION = 3;
export const MAC_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** A message of a running session; keys are raw. */
export type ParsedWhisper = {
  readonly ratchetKey: Buffer;
  readonly counter: number;
  readonly ciphertext: Uint8Array;
  /** Version byte and protobuf: what the MAC is over. */
  readonly signed: Uint8Array;
  readonly mac: Uint8Array;
};

export type ParsedPreKeyWhisper = {
  readonly preKeyId?: number;
  readonly signedPreKeyId: number;
  readonly registrationId: number;
  readonly baseKey: Buffer;
  readonly identityKey: Buffer;
  readonly message: ParsedWhisper;
};

export type ParsedSenderKey = {
  readonly id: number;
  readonly iteration: number;
  readonly ciphertext: Uint8Array;
  /** Version byte and protobuf: what the signature is over. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

/** Throws SignalError 'malformed'. */
export function parseWhisper(bytes: Uint8Array): ParsedWhisper {
  const { signed, body, tail } = splitMessage(bytes, MAC_BYTES);
  const { ratchetKey, counter, ciphertext } = decodeOr(() => WhisperMessage.decode(body));
  if (!ratchetKey || counter === undefined || !ciphertext) {
    throw new SignalError('malformed', 'A field of the message is missing.');
  }
  return { ratchetKey: withoutTypeByte(ratchetKey), counter, ciphertext, signed, mac: tail };
}

/** Throws SignalError 'malformed'. */
export function parsePreKeyWhisper(bytes: Uint8Array): ParsedPreKeyWhisper {
  const { body } = splitMessage(bytes, 0);
  const fields = decodeOr(() => PreKeyWhisperMessage.decode(body));
  const { preKeyId, signedPreKeyId, registrationId, baseKey, identityKey, message } = fields;
  if (signedPreKeyId === undefined || !baseKey || !identityKey || !message) {
    throw new SignalError('malformed', 'A field of the pre-key message is missing.');
  }
  return {
    ...(preKeyId === undefined ? {} : { preKeyId }),
    signedPreKeyId,
    registrationId: registrationId ?? 0,
    baseKey: withoutTypeByte(baseKey),
    identityKey: withoutTypeByte(identityKey),
    message: parseWhisper(message),
  };
}

/** Throws SignalError 'malformed'. */
export function parseSenderKeyMessage(bytes: Uint8Array): ParsedSenderKey {
  const { signed, body, tail } = splitMessage(bytes, SIGNATURE_BYTES);
  const { id, iteration, ciphertext } = decodeOr(() => SenderKeyMessage.decode(body));
  if (id === undefined || iteration === undefined || !ciphertext) {
    throw new SignalError('malformed', 'A field of the group message is missing.');
  }
  return { id, iteration, ciphertext, signed, signature: tail };
}

/** Takes the version byte and the tail off. Throws SignalError 'malformed'. */
export function splitMessage(
  bytes: Uint8Array,
  tailBytes: number,
): { signed: Uint8Array; body: Uint8Array; tail: Uint8Array } {
  const version = bytes[0];
  if (version === undefined || version >> 4 !== VERSION || bytes.length <= tailBytes) {
    throw new SignalError('malformed', 'That is no Signal message of version 3.');
  }
  const end = bytes.length - tailBytes;
  const signed = bytes.subarray(0, end);
  return { signed, body: signed.subarray(1), tail: bytes.subarray(end) };
}

/** Runs a protobuf decoder; its error becomes a SignalError 'malformed'. */
export function decodeOr<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new SignalError('malformed', 'The message is no protobuf.', { cause });
  }
}
