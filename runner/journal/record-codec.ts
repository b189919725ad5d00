import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeHeader, encodeHeader, type RecordHeader } from './record-header.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Far beyond any auth state: what inflates to more is not ours. */
const BODY_BYTES_MAX = 256 * 1_024 * 1_024;
/** A larger body is deflated beside the event loop. */
const AT_ONCE_BYTES_MAX = 64 * 1_024;

/** A record is small and waited for: zlib's own defaults spend more on their tables than on the bytes. */
const FAST = { level: 1, memLevel: 5, windowBits: 13 } as const;

/** A blob of a journal, taken apart. Nothing of it is believed yet. */
export type ParsedRecord = {
  readonly header: RecordHeader;
  readonly headerBytes: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
  /** SHA-256 of the whole blob. */
  readonly hash: Uint8Array;
};

export type SealKey = {
  readonly key: Uint8Array;
  /** 96 bits by chance: a key seals some hundred records, far from 2^32 (NIST SP 800-38D, 8.3). */
  readonly nonce: Uint8Array;
};

/** header | nonce | AES-256-GCM of the deflated body | tag. The header is authenticated as well. */
export async function sealRecord(
  header: RecordHeader,
  body: Uint8Array,
  { key, nonce }: SealKey,
): Promise<Uint8Array> {
  const headerBytes = encodeHeader(header);
  const deflated =
    body.byteLength > AT_ONCE_BYTES_MAX
      ? await promisify(deflateRaw)(body)
      : deflateRawSync(body, FAST);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(headerBytes);
  const ciphertext = [cipher.update(deflated), cipher.final()];
  return Buffer.concat([headerBytes, nonce, ...ciphertext, cipher.getAuthTag()]);
}

/** `undefined` for what is not in the format. */
export function parseRecord(bytes: Uint8Array): ParsedRecord | undefined {
  const decoded = decodeHeader(bytes);
  if (decoded === undefined) return undefined;
  const { header, length } = decoded;
  const bodyStart = length + NONCE_BYTES;
  const tagStart = bytes.byteLength - TAG_BYTES;
  if (tagStart < bodyStart) return undefined;
  return {
    header,
    headerBytes: bytes.subarray(0, length),
    nonce: bytes.subarray(length, bodyStart),
    ciphertext: bytes.subarray(bodyStart, tagStart),
    tag: bytes.subarray(tagStart),
    hash: hashOf(bytes),
  };
}

/** The body; `undefined` when one byte is not as it was sealed, or it was sealed by another key. */
export function openRecord(record: ParsedRecord, key: Uint8Array): Uint8Array | undefined {
  const { headerBytes, nonce, ciphertext, tag } = record;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(headerBytes)
    .setAuthTag(tag);
  try {
    const deflated = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    return inflateRawSync(deflated, { maxOutputLength: BODY_BYTES_MAX });
  } catch {
    return undefined;
  }
}

export function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
