import { randomBytes } from 'node:crypto';

import { SignalError } from './signal-error.ts';

/** WhatsApp appends 1 to 16 bytes, each of which is the number of them (Baileys Utils/generics.js). */
const PAD_BYTES_MAX = 16;

/** Appends the random padding that WhatsApp puts on a message before it is encrypted. */
export function padRandom(plaintext: Uint8Array): Buffer {
  const [random = 0] = randomBytes(1);
  const padBytes = (random % PAD_BYTES_MAX) + 1;
  return Buffer.concat([plaintext, Buffer.alloc(padBytes, padBytes)]);
}

/** Takes the padding off. Throws SignalError 'malformed' when it is not 1 to 16 equal bytes. */
export function unpad(padded: Uint8Array): Buffer {
  const padBytes = padded.at(-1) ?? 0;
  const padding = padded.subarray(padded.length - padBytes);
  const wellFormed =
    padBytes >= 1 &&
    padBytes <= PAD_BYTES_MAX &&
    padBytes <= padded.length &&
    padding.every((byte) => byte === padBytes);
  if (!wellFormed) throw new SignalError('malformed', 'The padding of the message is wrong.');
  return Buffer.from(padded.subarray(0, padded.length - padBytes));
}
