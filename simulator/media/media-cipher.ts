import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

import { deriveBytes, hmacSha256 } from '#simulator/signal/key-derivation.ts';

/** What a media key's bytes are derived for; names as in Baileys' MEDIA_HKDF_KEY_MAPPING. */
const INFO = {
  image: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
  sticker: 'WhatsApp Image Keys',
  history: 'WhatsApp History Keys',
} as const;
export type MediaKind = keyof typeof INFO;

const MEDIA_KEY_BYTES = 32;
const MAC_BYTES = 10;
const DERIVED_BYTES = 112;

/** A file that was changed on its way, or a wrong media key. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/** AES-256-CBC and a 10-byte MAC behind it; without `mediaKey` a random one is drawn. */
export function encryptMedia(
  kind: MediaKind,
  plaintext: Uint8Array,
  mediaKey: Uint8Array = randomBytes(MEDIA_KEY_BYTES),
): { ciphertext: Buffer; mediaKey: Buffer; fileSha256: Buffer; fileEncSha256: Buffer } {
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const mac = hmacSha256(macKey, iv, body).subarray(0, MAC_BYTES);
  const ciphertext = Buffer.concat([body, mac]);
  return {
    ciphertext,
    mediaKey: Buffer.from(mediaKey),
    fileSha256: sha256(plaintext),
    fileEncSha256: sha256(ciphertext),
  };
}

/** Throws MediaError on a wrong MAC. */
export function decryptMedia(
  kind: MediaKind,
  ciphertext: Uint8Array,
  mediaKey: Uint8Array,
): Buffer {
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const end = ciphertext.length - MAC_BYTES;
  if (end <= 0) throw new MediaError('The file is too short.');
  const body = ciphertext.subarray(0, end);
  const mac = hmacSha256(macKey, iv, body).subarray(0, MAC_BYTES);
  if (!timingSafeEqual(mac, ciphertext.subarray(end))) {
    throw new MediaError('The file is not authentic.');
  }
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** HKDF gives 112 bytes: IV, cipher key, MAC key, and a reference key that nobody needs here. */
function keysOf(
  kind: MediaKind,
  mediaKey: Uint8Array,
): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const okm = deriveBytes(mediaKey, INFO[kind], { length: DERIVED_BYTES });
  return { iv: okm.subarray(0, 16), cipherKey: okm.subarray(16, 48), macKey: okm.subarray(48, 80) };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
