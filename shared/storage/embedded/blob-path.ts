/**
 * How a segment of a key becomes a file name that every file system keeps apart and takes: small letters, digits,
 * `-`, `_` and `.` stay, a capital letter becomes `+` and the small one (some file systems do not tell them apart),
 * any other byte of its UTF-8 becomes `%` and two hex digits. The endings tell a blob from a folder, so that the
 * keys `a` and `a/b` can both exist, and no name ends with a dot or is a reserved one.
 */
const BLOB_ENDING = ',b';
const FOLDER_ENDING = ',d';

const PLAIN = /^[a-z0-9._-]$/;
const CAPITAL = /^[A-Z]$/;
const NAME = /^((?:[a-z0-9._-]|\+[a-z]|%[0-9a-f]{2})+),([bd])$/;

/** A name in a folder of blobs, read back. */
export type BlobName = { readonly kind: 'blob' | 'folder'; readonly segment: string };

/** The relative path of a blob, as parts; the last one is the file. The key has passed `checkBlobKey`. */
export function toPathParts(key: string): readonly string[] {
  const segments = key.split('/');
  const file = segments.pop() ?? '';
  return [...toFolderParts(segments), escapeSegment(file) + BLOB_ENDING];
}

/** The relative path of the folder with all blobs whose keys begin with the segments. */
export function toFolderParts(segments: readonly string[]): readonly string[] {
  return segments.map((segment) => escapeSegment(segment) + FOLDER_ENDING);
}

/** `undefined` for a name that is not of our making. */
export function parseName(name: string): BlobName | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, escaped = '', ending] = match;
  return { kind: ending === 'b' ? 'blob' : 'folder', segment: unescapeSegment(escaped) };
}

function escapeSegment(segment: string): string {
  return Array.from(Buffer.from(segment), (byte) => {
    const character = String.fromCharCode(byte);
    if (PLAIN.test(character)) return character;
    if (CAPITAL.test(character)) return `+${character.toLowerCase()}`;
    return `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

function unescapeSegment(escaped: string): string {
  const bytes = escaped.replace(/\+([a-z])|%([0-9a-f]{2})/g, (_all, capital, hex) =>
    typeof capital === 'string'
      ? capital.toUpperCase()
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
