import {
  AlreadyExists,
  type Blobs,
  checkBlobKey,
  type ListOptions,
  type PresignedUrl,
  type UploadOptions,
} from '../blobs.ts';
import {
  checkExpiry,
  checkUploadBytes,
  DOWNLOAD_CACHING,
  DOWNLOAD_TYPE,
  dispositionOf,
} from '../rules/presign-rules.ts';
import type { Lazy } from './lazy.ts';
import { followsLostAnswer } from './lost-answers.ts';
import { type Ambient, retryPassing } from './retry-passing.ts';
import type { S3Client } from './s3-client.ts';
import { BrokenBody, isConflict, isMissing, isTaken } from './s3-fault.ts';
import { readPieces } from './s3-read.ts';
import { writePieces } from './s3-write.ts';

/**
 * The `Blobs` port on one bucket of S3. Who uses it may list the bucket, else S3 says 403 of a blob that is not there.
 * A presigned URL dies with the credentials that signed it, which for a role is within hours.
 */
export class S3Blobs implements Blobs {
  readonly #client: Lazy<S3Client>;
  readonly #bucket: string;
  readonly #ambient: Ambient;

  constructor(client: Lazy<S3Client>, bucket: string, ambient: Ambient) {
    this.#client = client;
    this.#bucket = bucket;
    this.#ambient = ambient;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    checkBlobKey(key);
    const isBroken = (fault: unknown) => fault instanceof BrokenBody;
    return await orMissing(() => retryPassing(() => this.#getWhole(key), isBroken, this.#ambient));
  }

  async stat(key: string): Promise<{ readonly bytes: number } | undefined> {
    checkBlobKey(key);
    const client = await this.#client.get();
    const found = await orMissing(() => client.head(this.#at(key)));
    return found && { bytes: found.ContentLength ?? 0 };
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    checkBlobKey(key);
    const client = await this.#client.get();
    const at = this.#at(key);
    const begun = await orMissing(() => client.get(at));
    return begun && readPieces(begun, { client, at }, this.#ambient);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    checkBlobKey(key);
    const client = await this.#client.get();
    await client.put({ ...this.#at(key), Body: bytes });
  }

  async write(key: string, source: AsyncIterable<Uint8Array>): Promise<{ readonly bytes: number }> {
    checkBlobKey(key);
    const client = await this.#client.get();
    return { bytes: await writePieces(source, { client, at: this.#at(key) }) };
  }

  /**
   * When an attempt had no answer and a later one is told that the key is taken, the blob is looked at: the very bytes
   * mean that the write is done. That is so whoever wrote them, since nobody can tell two equal blobs apart; a caller
   * that must know itself from another writes something of its own into the bytes, as the journal does.
   */
  async putIfAbsent(key: string, bytes: Uint8Array): Promise<void> {
    checkBlobKey(key);
    const client = await this.#client.get();
    const write = async () => await client.put({ ...this.#at(key), Body: bytes, IfNoneMatch: '*' });
    try {
      await retryPassing(write, isConflict, this.#ambient);
    } catch (cause) {
      if (!isTaken(cause)) throw cause;
      if (followsLostAnswer(cause) && (await this.#holds(key, bytes))) return;
      throw new AlreadyExists(key, { cause });
    }
  }

  async *list(prefix: string, { after }: ListOptions = {}): AsyncGenerator<string> {
    const client = await this.#client.get();
    let ContinuationToken: string | undefined;
    do {
      const page = await client.list({
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(after !== undefined && { StartAfter: after }),
        // XML cannot carry every character of a key.
        EncodingType: 'url',
        ...(ContinuationToken !== undefined && { ContinuationToken }),
      });
      for (const { Key = '' } of page.Contents ?? []) yield decodeKey(Key);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async delete(key: string): Promise<void> {
    checkBlobKey(key);
    const client = await this.#client.get();
    await client.delete(this.#at(key));
  }

  async presignUpload(
    key: string,
    { expiresInMs, contentType, bytes }: UploadOptions,
  ): Promise<PresignedUrl> {
    checkBlobKey(key);
    checkUploadBytes(bytes);
    const { signing, expiresAt } = this.#signing(expiresInMs);
    const client = await this.#client.get();
    const signed = {
      ...this.#at(key),
      ...(contentType !== undefined && { ContentType: contentType }),
      ...(bytes !== undefined && { ContentLength: bytes }),
    };
    return { url: await client.presignPut(signed, signing), expiresAt };
  }

  async presignDownload(
    key: string,
    { expiresInMs, fileName }: { expiresInMs: number; fileName?: string },
  ): Promise<PresignedUrl> {
    checkBlobKey(key);
    const { signing, expiresAt } = this.#signing(expiresInMs);
    const client = await this.#client.get();
    const headers = {
      ResponseContentType: DOWNLOAD_TYPE,
      ResponseCacheControl: DOWNLOAD_CACHING,
      ...(fileName !== undefined && { ResponseContentDisposition: dispositionOf(fileName) }),
    };
    return { url: await client.presignGet({ ...this.#at(key), ...headers }, signing), expiresAt };
  }

  /** S3 counts in whole seconds, from the second in which the URL was signed. */
  #signing(expiresInMs: number) {
    checkExpiry(expiresInMs);
    const signedS = Math.floor(this.#ambient.now().getTime() / 1_000);
    const expiresIn = Math.max(1, Math.floor(expiresInMs / 1_000));
    return {
      signing: { expiresIn, signingDate: new Date(signedS * 1_000) },
      expiresAt: new Date((signedS + expiresIn) * 1_000),
    };
  }

  async #getWhole(key: string): Promise<Uint8Array | undefined> {
    const client = await this.#client.get();
    const { Body } = await client.get(this.#at(key));
    try {
      return await Body?.transformToByteArray();
    } catch (cause) {
      throw new BrokenBody({ cause });
    }
  }

  async #holds(key: string, bytes: Uint8Array): Promise<boolean> {
    const found = await this.get(key);
    return found !== undefined && Buffer.compare(found, bytes) === 0;
  }

  #at(key: string) {
    return { Bucket: this.#bucket, Key: key };
  }
}

async function orMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
