import type { Stats } from 'node:fs';
import { type FileHandle, link, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  AlreadyExists,
  type Blobs,
  checkBlobKey,
  type ListOptions,
  type PresignedUrl,
  type UploadOptions,
} from '../blobs.ts';
import { checkExpiry, checkUploadBytes } from '../rules/presign-rules.ts';
import { toPathParts } from './blob-path.ts';
import {
  type Bytes,
  hasCode,
  makeFolder,
  removeOldFiles,
  syncFolder,
  writeFreshFile,
} from './durable-files.ts';
import { listKeys } from './list-keys.ts';
import { type Grant, signUrl, verifyUrl } from './presigned-url.ts';
import { StorageError } from './storage-error.ts';

/** A file that a killed process was writing is removed at the next open after this time. */
const STRAY_AFTER_MS = 3_600_000;
/** Tries to put a file into its folder, which a `delete` in another process may remove just then. */
const PLACE_ATTEMPTS_MAX = 5;
/** How much of a blob is in memory while it is read. */
const PIECE_BYTES = 262_144;

export type FileBlobsOptions = {
  /** On a file system with hard links (not FAT). */
  readonly folder: string;
  /** Where `blobHandler` is reached, as `http://127.0.0.1:3000`. Without it, and before `serveAt`, no URLs can be made. */
  readonly baseUrl?: string | undefined;
  /** Signs the URLs; the same in every process of the data folder. */
  readonly secret: string;
  readonly now: () => Date;
};

/** Opens or makes the folder, and removes what killed processes left in it. */
export async function openFileBlobs(options: FileBlobsOptions): Promise<FileBlobs> {
  const blobs = new FileBlobs(options);
  await blobs.prepare();
  return blobs;
}

/**
 * The `Blobs` port on files. A blob is written aside, synced, and then given its name in one step, so that a reader
 * or a crash finds it whole or not at all; the folder is synced before the caller is told.
 */
export class FileBlobs implements Blobs {
  readonly #root: string;
  readonly #fresh: string;
  readonly #options: FileBlobsOptions;
  #baseUrl: string | undefined;

  constructor(options: FileBlobsOptions) {
    this.#root = join(options.folder, 'data');
    this.#fresh = join(options.folder, 'fresh');
    this.#options = options;
    this.#baseUrl = options.baseUrl;
  }

  /** Says where `blobHandler` is reached, to a process that serves blobs itself: it has a port only once it listens. */
  serveAt(baseUrl: string): void {
    this.#baseUrl = baseUrl;
  }

  /** Part of `openFileBlobs`. */
  async prepare(): Promise<void> {
    await makeFolder(this.#root);
    await makeFolder(this.#fresh);
    await removeOldFiles(this.#fresh, new Date(this.#nowMs() - STRAY_AFTER_MS));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#pathOf(key));
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return undefined;
      throw cause;
    }
  }

  async stat(key: string): Promise<{ readonly bytes: number } | undefined> {
    const found = await statFile(this.#pathOf(key));
    return found && { bytes: found.size };
  }

  /** When the blob was written. */
  async writtenAt(key: string): Promise<Date | undefined> {
    return (await statFile(this.#pathOf(key)))?.mtime;
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const file = await this.openRead(key);
    // It closes the file at its end, and when whoever iterates it breaks off.
    return file?.createReadStream({ highWaterMark: PIECE_BYTES });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#write(key, bytes, bytes.byteLength);
  }

  async write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    { bytesMax = Number.POSITIVE_INFINITY }: { readonly bytesMax?: number } = {},
  ): Promise<{ readonly bytes: number }> {
    return await this.#write(key, source, bytesMax);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(key);
    const { path: fresh } = await writeFreshFile(this.#fresh, bytes, bytes.byteLength);
    try {
      await this.#place(fresh, path, link);
    } catch (cause) {
      if (hasCode(cause, 'EEXIST')) throw new AlreadyExists(key, { cause });
      throw cause;
    }
  }

  list(prefix: string, options?: ListOptions): AsyncIterable<string> {
    return listKeys(this.#root, prefix, options);
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    try {
      await rm(path);
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return;
      throw cause;
    }
    await syncFolder(dirname(path));
    await this.#removeEmptyFolders(dirname(path));
  }

  /** For reading without holding the blob in memory; the caller closes it. */
  async openRead(key: string): Promise<FileHandle | undefined> {
    try {
      return await open(this.#pathOf(key), 'r');
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) return undefined;
      throw cause;
    }
  }

  async presignUpload(
    key: string,
    { expiresInMs, contentType, bytes }: UploadOptions,
  ): Promise<PresignedUrl> {
    checkUploadBytes(bytes);
    return this.#presign({ method: 'PUT', key, contentType, bytes }, expiresInMs);
  }

  async presignDownload(
    key: string,
    { expiresInMs, fileName }: { expiresInMs: number; fileName?: string },
  ): Promise<PresignedUrl> {
    return this.#presign({ method: 'GET', key, fileName }, expiresInMs);
  }

  /** What a presigned URL of ours allows now. */
  verify(url: URL): Grant | undefined {
    return verifyUrl(url, { secret: this.#options.secret, nowMs: this.#nowMs() });
  }

  #presign(what: Omit<Grant, 'expiresMs'>, expiresInMs: number): PresignedUrl {
    checkBlobKey(what.key);
    checkExpiry(expiresInMs);
    const baseUrl = this.#baseUrl;
    if (baseUrl === undefined) {
      throw new StorageError(
        'No URL can be made: this process was not told where blobs are served.',
      );
    }
    const expiresMs = this.#nowMs() + expiresInMs;
    const url = signUrl({ ...what, expiresMs }, { baseUrl, secret: this.#options.secret });
    return { url, expiresAt: new Date(expiresMs) };
  }

  /** Throws `TooManyBytes`, and then nothing is written. */
  async #write(key: string, source: Bytes, bytesMax: number): Promise<{ readonly bytes: number }> {
    const path = this.#pathOf(key);
    const { path: fresh, bytes } = await writeFreshFile(this.#fresh, source, bytesMax);
    await this.#place(fresh, path, rename);
    return { bytes };
  }

  #pathOf(key: string): string {
    checkBlobKey(key);
    return join(this.#root, ...toPathParts(key));
  }

  async #place(
    fresh: string,
    path: string,
    move: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    try {
      await this.#moveIntoFolder(path, () => move(fresh, path));
      await syncFolder(dirname(path));
    } finally {
      await rm(fresh, { force: true });
    }
  }

  async #moveIntoFolder(path: string, move: () => Promise<void>): Promise<void> {
    for (let attempt = 1; attempt <= PLACE_ATTEMPTS_MAX; attempt += 1) {
      try {
        return await move();
      } catch (cause) {
        if (!hasCode(cause, 'ENOENT')) throw cause;
      }
      await makeFolder(dirname(path));
    }
    throw new StorageError('The folder of a blob was removed again and again.');
  }

  /** Up to the first one that somebody uses. */
  async #removeEmptyFolders(lowest: string): Promise<void> {
    try {
      for (let folder = lowest; folder !== this.#root; folder = dirname(folder))
        await rmdir(folder);
    } catch (cause) {
      if (!hasCode(cause, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw cause;
    }
  }

  #nowMs(): number {
    return this.#options.now().getTime();
  }
}

async function statFile(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}
