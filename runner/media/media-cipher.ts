import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';
import type { MediaKind } from '#shared/domain/message-content.ts';
import { MediaFailed } from './media-failed.ts';

/** What a media key is stretched for, in WhatsApp's words: a sticker is an image to it. */
const INFO = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
} as const satisfies Record<MediaKind, string>;

export const MEDIA_KEY_BYTES = 32;
const IV_BYTES = 16;
const CIPHER_KEY_BYTES = 32;
const MAC_KEY_BYTES = 32;
const MAC_BYTES = 10;
const CIPHER = 'aes-256-cbc';
const BLOCK_BYTES = 16;
/** By so much a file is longer, at most, when it is encrypted. */
export const ENCRYPTION_BYTES_MAX = BLOCK_BYTES + MAC_BYTES;

type Pieces = AsyncIterable<Uint8Array>;
export type MediaKeys = {
  readonly iv: Buffer;
  readonly cipherKey: Buffer;
  readonly macKey: Buffer;
};

export function deriveMediaKeys(kind: MediaKind, mediaKey: Uint8Array): MediaKeys {
  const length = IV_BYTES + CIPHER_KEY_BYTES + MAC_KEY_BYTES;
  const derived = Buffer.from(hkdfSync('sha256', mediaKey, '', INFO[kind], length));
  const macStart = IV_BYTES + CIPHER_KEY_BYTES;
  return {
    iv: derived.subarray(0, IV_BYTES),
    cipherKey: derived.subarray(IV_BYTES, macStart),
    macKey: derived.subarray(macStart),
  };
}

/** AES-256-CBC, and behind it the first 10 bytes of an HMAC-SHA256. The same bytes for the same keys. */
export async function* encryptMedia(plain: Pieces, keys: MediaKeys): AsyncGenerator<Buffer> {
  const cipher = createCipheriv(CIPHER, keys.cipherKey, keys.iv);
  const mac = createHmac('sha256', keys.macKey).update(keys.iv);
  for await (const piece of plain) {
    const sealed = cipher.update(piece);
    mac.update(sealed);
    if (sealed.length > 0) yield sealed;
  }
  const last = cipher.final();
  yield Buffer.concat([last, mac.update(last).digest().subarray(0, MAC_BYTES)]);
}

/** What a message says of a file, and how many bytes of ciphertext there are. */
export type MediaDigests = {
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
  readonly bytes: number;
  readonly encryptedBytes: number;
};

/** Encrypts for the hashes alone: an upload has that of the whole ciphertext in its URL, and nowhere to keep it. */
export async function digestMedia(plain: Pieces, keys: MediaKeys): Promise<MediaDigests> {
  const open = new Digest();
  const sealed = new Digest();
  for await (const piece of encryptMedia(open.watch(plain), keys)) sealed.add(piece);
  return {
    fileSha256: open.sha256(),
    fileEncSha256: sealed.sha256(),
    bytes: open.bytes,
    encryptedBytes: sealed.bytes,
  };
}

class Digest {
  readonly #hash = createHash('sha256');
  bytes = 0;

  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.bytes += piece.byteLength;
  }

  async *watch(pieces: Pieces): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.add(piece);
      yield piece;
    }
  }

  sha256(): Buffer {
    return this.#hash.digest();
  }
}

/** What a message says of a file that somebody sent. */
export type MediaSeal = {
  readonly kind: MediaKind;
  readonly mediaKey: Uint8Array;
  readonly fileSha256: Uint8Array;
  readonly fileEncSha256: Uint8Array;
};

/**
 * The file, piece by piece. Whether it is authentic is known at its end alone: it throws `MediaFailed` there, so what
 * takes the pieces must drop them then.
 */
export async function* decryptMedia(sealed: Pieces, seal: MediaSeal): AsyncGenerator<Buffer> {
  const keys = deriveMediaKeys(seal.kind, seal.mediaKey);
  const decipher = createDecipheriv(CIPHER, keys.cipherKey, keys.iv);
  const mac = createHmac('sha256', keys.macKey).update(keys.iv);
  const encrypted = new Digest();
  const plain = new Digest();
  let tail = Buffer.alloc(0);
  for await (const piece of encrypted.watch(sealed)) {
    const known = Buffer.concat([tail, piece]);
    const bodyEnd = Math.max(0, known.length - MAC_BYTES);
    const body = known.subarray(0, bodyEnd);
    tail = known.subarray(bodyEnd);
    mac.update(body);
    const opened = decipher.update(body);
    plain.add(opened);
    if (opened.length > 0) yield opened;
  }
  assertSame(mac.digest().subarray(0, MAC_BYTES), tail);
  assertSame(encrypted.sha256(), seal.fileEncSha256);
  const last = finish(() => decipher.final());
  plain.add(last);
  assertSame(plain.sha256(), seal.fileSha256);
  yield last;
}

function assertSame(found: Uint8Array, expected: Uint8Array): void {
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) throw damaged();
}

function finish(final: () => Buffer): Buffer {
  try {
    return final();
  } catch (cause) {
    throw damaged({ cause });
  }
}

function damaged(options?: ErrorOptions): MediaFailed {
  return new MediaFailed('media_damaged', 'The file is not the one that was sent.', options);
}
