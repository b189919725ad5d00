import {
  AlreadyExists,
  type Blobs,
  checkBlobKey,
  type ListOptions,
  type PresignedUrl,
} from '#shared/storage/blobs.ts';
import { compareUtf8 } from '#shared/storage/rules/compare-utf8.ts';

export type MemoryBlobsDeps = {
  /** Hears of every blob that was written, before it is. */
  readonly onPut?: (key: string) => void;
};

/** The `Blobs` port in memory, without URLs. */
export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #deps: MemoryBlobsDeps;

  constructor(deps: MemoryBlobsDeps = {}) {
    this.#deps = deps;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    checkBlobKey(key);
    const bytes = this.#blobs.get(key);
    return bytes && Uint8Array.from(bytes);
  }

  async stat(key: string): Promise<{ bytes: number } | undefined> {
    checkBlobKey(key);
    const bytes = this.#blobs.get(key);
    return bytes && { bytes: bytes.length };
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = await this.get(key);
    return bytes && onePiece(bytes);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    checkBlobKey(key);
    this.#set(key, bytes);
  }

  async write(key: string, source: AsyncIterable<Uint8Array>): Promise<{ bytes: number }> {
    checkBlobKey(key);
    const bytes = Buffer.concat(await Array.fromAsync(source));
    this.#set(key, bytes);
    return { bytes: bytes.length };
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<void> {
    checkBlobKey(key);
    if (this.#blobs.has(key)) throw new AlreadyExists(key);
    this.#set(key, bytes);
  }

  async *list(prefix: string, { after }: ListOptions = {}): AsyncIterable<string> {
    const keys = [...this.#blobs.keys()]
      .filter((key) => key.startsWith(prefix))
      .filter((key) => after === undefined || compareUtf8(key, after) > 0);
    yield* keys.sort(compareUtf8);
  }

  async delete(key: string): Promise<void> {
    checkBlobKey(key);
    this.#blobs.delete(key);
  }

  async presignUpload(key: string): Promise<PresignedUrl> {
    checkBlobKey(key);
    throw new Error('Memory has no URLs.');
  }

  async presignDownload(key: string): Promise<PresignedUrl> {
    checkBlobKey(key);
    throw new Error('Memory has no URLs.');
  }

  #set(key: string, bytes: Uint8Array): void {
    this.#deps.onPut?.(key);
    this.#blobs.set(key, Uint8Array.from(bytes));
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
