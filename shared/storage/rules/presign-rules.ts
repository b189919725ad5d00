/** The limit of S3: seven days. */
const EXPIRES_IN_MS_MAX = 7 * 24 * 3_600_000;

/** How every download answers: a blob is bytes that a customer gave us, so a browser must not take it for a page. */
export const DOWNLOAD_TYPE = 'application/octet-stream';
export const DOWNLOAD_CACHING = 'private, no-store';

/** Throws a `RangeError` for a time that no presigned URL can live. */
export function checkExpiry(expiresInMs: number): void {
  if (expiresInMs <= 0 || expiresInMs > EXPIRES_IN_MS_MAX) {
    throw new RangeError(`expiresInMs is from 1 to ${EXPIRES_IN_MS_MAX}.`);
  }
}

/** Throws a `RangeError` for what is no length of a body. */
export function checkUploadBytes(bytes: number | undefined): void {
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
    throw new RangeError('bytes is a whole number from 0 on.');
  }
}

/** The `Content-Disposition` that makes a browser save the download under the name. */
export function dispositionOf(fileName: string): string {
  return `attachment; filename*=UTF-8''${encodeName(fileName)}`;
}

/** RFC 5987, section 3.2.1: `encodeURIComponent` leaves four characters that must be encoded as well. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
