/**
 * The `Blobs` port: bytes under a key; the part of S3 that this system uses.
 * A key is `/`-separated segments, none of them empty, `.` or `..`; it has at most 512 bytes, a segment 80.
 * Every method that takes a key throws `InvalidKey` for any other.
 */

export type PresignedUrl = { readonly url: string; readonly expiresAt: Date };

export type UploadOptions = {
  readonly expiresInMs: number;
  readonly contentType?: string;
  readonly bytes?: number;
};

/** `after` may be any text: there need not be such a key. */
export type ListOptions = { readonly after?: string };

export interface Blobs {
  /** `undefined` when there is no such blob. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** How long the blob is; `undefined` when there is no such blob. */
  stat(key: string): Promise<{ readonly bytes: number } | undefined>;
  /**
   * The blob piece by piece, as it was at the call; `undefined` when there is no such blob. What lies behind it is open
   * until it was read to its end or broken off, so who asks for it reads it.
   */
  read(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Writes or replaces, whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * `put` of what arrives over time, of any length, and never held whole. What the source throws is thrown on, and
   * nothing is written then.
   */
  write(key: string, source: AsyncIterable<Uint8Array>): Promise<{ readonly bytes: number }>;
  /** Writes only where nothing is (S3 `If-None-Match: *`). Throws `AlreadyExists`. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * All keys with the prefix (any beginning of a key, `''` for all), in order of their UTF-8 bytes; with `after` only
   * those behind it, so that whoever knows the beginning of a long row does not read it.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<string>;
  /** Deleting what is not there is not an error. */
  delete(key: string): Promise<void>;
  /**
   * A URL that takes an HTTP PUT of the bytes until it expires, in 7 days at most.
   * With a `contentType` the PUT must carry it, and with `bytes` have exactly that length; 403 otherwise.
   */
  presignUpload(key: string, options: UploadOptions): Promise<PresignedUrl>;
  /** A URL that answers an HTTP GET with the bytes until it expires, in 7 days at most. */
  presignDownload(
    key: string,
    options: { expiresInMs: number; fileName?: string },
  ): Promise<PresignedUrl>;
}

/** `putIfAbsent` found a blob under the key. Nothing was written. */
export class AlreadyExists extends Error {
  override readonly name = 'AlreadyExists';
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`There is a blob under ${key} already.`, options);
    this.key = key;
  }
}

const BLOB_KEY_BYTES_MAX = 512;
const BLOB_SEGMENT_BYTES_MAX = 80;

/** The key breaks the rules of keys, and names no blob in any home. */
export class InvalidKey extends Error {
  override readonly name = 'InvalidKey';

  constructor(reason: string) {
    super(`A blob's key ${reason}.`);
  }
}

/** The one rule of keys, for every home. Throws `InvalidKey`. */
export function checkBlobKey(key: string): void {
  if (!key.isWellFormed()) throw new InvalidKey('is well-formed Unicode');
  if (Buffer.byteLength(key) > BLOB_KEY_BYTES_MAX) {
    throw new InvalidKey(`has at most ${BLOB_KEY_BYTES_MAX} bytes`);
  }
  for (const segment of key.split('/')) {
    if (segment === '') throw new InvalidKey('has no empty segment');
    if (segment === '.' || segment === '..') throw new InvalidKey('has no segment . or ..');
    if (Buffer.byteLength(segment) > BLOB_SEGMENT_BYTES_MAX) {
      throw new InvalidKey(`has segments of at most ${BLOB_SEGMENT_BYTES_MAX} bytes`);
    }
  }
}
