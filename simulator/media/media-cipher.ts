import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type Decipheriv,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

import { deriveBytes } from '#simulator/signal/key-derivation.ts';

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

/** What opens a file: its key, and the kind that the key is for. */
export type MediaSecret = { readonly kind: MediaKind; readonly mediaKey: Uint8Array };

/** What a message says of its file. */
export type EncryptedFile = {
  readonly fileLength: number;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
};

export function randomMediaKey(): Buffer {
  return randomBytes(MEDIA_KEY_BYTES);
}

/**
 * Encrypts a file while it passes: AES-256-CBC and a 10-byte MAC behind it. `describe` is told of
 * the whole when the last bytes are out.
 */
export async function* encryptMedia(
  plaintext: AsyncIterable<Uint8Array>,
  { kind, mediaKey }: MediaSecret,
  describe: (file: EncryptedFile) => void,
): AsyncGenerator<Buffer, void> {
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const plainHash = createHash('sha256');
  const encryptedHash = createHash('sha256');
  let fileLength = 0;
  const passing = (body: Buffer): Buffer => {
    mac.update(body);
    encryptedHash.update(body);
    return body;
  };
  for await (const chunk of plaintext) {
    fileLength += chunk.length;
    plainHash.update(chunk);
    yield passing(cipher.update(chunk));
  }
  yield passing(cipher.final());
  const end = mac.digest().subarray(0, MAC_BYTES);
  encryptedHash.update(end);
  yield end;
  const [fileSha256, fileEncSha256] = [plainHash.digest(), encryptedHash.digest()];
  describe({ fileLength, fileSha256, fileEncSha256 });
}

/**
 * Decrypts a file while it passes. Only at its end, by a MediaError, it tells that the file was
 * changed: whoever must not hand on a wrong one calls `inspectMedia` first.
 */
export async function* decryptMedia(
  ciphertext: AsyncIterable<Buffer>,
  { kind, mediaKey }: MediaSecret,
): AsyncGenerator<Buffer, void> {
  const { iv, cipherKey, macKey } = keysOf(kind, mediaKey);
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  // The last bytes that came: they are the MAC, unless more comes.
  let held: Buffer = Buffer.alloc(0);
  const passing = (body: Buffer): Buffer => {
    mac.update(body);
    return decipher.update(body);
  };
  for await (const chunk of ciphertext) {
    const isLong = chunk.length >= MAC_BYTES;
    const bytes = isLong ? chunk : Buffer.concat([held, chunk]);
    if (isLong) yield passing(held);
    const end = Math.max(0, bytes.length - MAC_BYTES);
    yield passing(bytes.subarray(0, end));
    held = Buffer.from(bytes.subarray(end));
  }
  const isAuthentic =
    held.length === MAC_BYTES && timingSafeEqual(mac.digest().subarray(0, MAC_BYTES), held);
  if (!isAuthentic) throw new MediaError('The file is not authentic.');
  yield finalOf(decipher);
}

/** Reads a file to its end: the size and hash of what is in it. Throws MediaError. */
export async function inspectMedia(
  ciphertext: AsyncIterable<Buffer>,
  secret: MediaSecret,
): Promise<{ readonly size: number; readonly sha256: Buffer }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of decryptMedia(ciphertext, secret)) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest() };
}

/** Behind a right MAC the padding may still be wrong, and a file of nothing has none. */
function finalOf(decipher: Decipheriv): Buffer {
  try {
    return decipher.final();
  } catch (cause) {
    throw new MediaError('The padding of the file is wrong.', { cause });
  }
}

/** HKDF gives 112 bytes: IV, cipher key, MAC key, and a reference key that nobody needs here. */
function keysOf(
  kind: MediaKind,
  mediaKey: Uint8Array,
): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const okm = deriveBytes(mediaKey, INFO[kind], { length: DERIVED_BYTES });
  return { iv: okm.subarray(0, 16), cipherKey: okm.subarray(16, 48), macKey: okm.subarray(48, 80) };
}
