import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Of the encrypted file. Phones send up to 100 MiB; a client is refused only well above that. */
export const MEDIA_BYTES_MAX = 110 * 1024 * 1024;

const SHA256_HEX = /^[0-9a-f]{64}$/;
/** The form of the paths on WhatsApp's own media hosts. */
const PATH_PREFIX = '/v/t62.7118-24/';
const PATH_SUFFIX = '.enc';

/** What became of an upload. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly directPath: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'wrong_hash' };

class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * The encrypted media of the network, one file each, named by the SHA-256 of its bytes: an upload
 * that is repeated changes nothing. A file is complete or it is not there (write, sync, rename).
 */
export class MediaFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<MediaFiles> {
    await mkdir(folder, { recursive: true });
    return new MediaFiles(folder);
  }

  /** Streams to disk. `sha256` is what the uploader says of the bytes, if it knows before. */
  async save(source: AsyncIterable<Buffer>, sha256?: Buffer): Promise<SaveOutcome> {
    const partPath = join(this.#folder, `${randomUUID()}.part`);
    try {
      const digest = await writeHashed(source, partPath);
      if (sha256 && !digest.equals(sha256)) return { kind: 'wrong_hash' };
      await syncFile(partPath);
      const hex = digest.toString('hex');
      await rename(partPath, this.#pathOf(hex));
      return { kind: 'saved', directPath: `${PATH_PREFIX}${hex}${PATH_SUFFIX}` };
    } catch (error) {
      if (error instanceof TooLargeError) return { kind: 'too_large' };
      throw error;
    } finally {
      await rm(partPath, { force: true });
    }
  }

  /** The size of the file with this direct path; undefined when there is none. */
  async sizeOf(directPath: string): Promise<number | undefined> {
    const hex = hexOf(directPath);
    if (!hex) return undefined;
    try {
      return (await stat(this.#pathOf(hex))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Streams a file that `sizeOf` has found; `end` is inclusive. */
  read(directPath: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.#pathOf(hexOf(directPath) ?? ''), range);
  }

  #pathOf(hex: string): string {
    return join(this.#folder, `${hex}${PATH_SUFFIX}`);
  }
}

async function writeHashed(source: AsyncIterable<Buffer>, path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    source,
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > MEDIA_BYTES_MAX) throw new TooLargeError('The upload is too large.');
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  return hash.digest();
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function hexOf(directPath: string): string | undefined {
  if (!directPath.startsWith(PATH_PREFIX) || !directPath.endsWith(PATH_SUFFIX)) return undefined;
  const hex = directPath.slice(PATH_PREFIX.length, -PATH_SUFFIX.length);
  return SHA256_HEX.test(hex) ? hex : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
