import type { FileBlobs } from './file-blobs.ts';

export type ExpiryOptions = {
  readonly prefixes: readonly string[];
  /** Older blobs are deleted. */
  readonly before: Date;
  /** What is beyond it waits for the next pass. */
  readonly deletionsMax: number;
  /** Ends the pass between two blobs. */
  readonly signal?: AbortSignal;
};

/**
 * One pass over the blobs under the prefixes, as the lifecycle rule of a bucket makes it. Answers how many it deleted.
 * A blob that is written again in the very moment may go with the former one, as on S3: keys of media are used once.
 */
export async function expireBlobs(
  blobs: FileBlobs,
  { prefixes, before, deletionsMax, signal }: ExpiryOptions,
): Promise<number> {
  let deleted = 0;
  for (const prefix of prefixes) {
    for await (const key of blobs.list(prefix)) {
      if (deleted === deletionsMax || signal?.aborted) return deleted;
      const writtenAt = await blobs.writtenAt(key);
      if (writtenAt === undefined || writtenAt >= before) continue;
      await blobs.delete(key);
      deleted += 1;
    }
  }
  return deleted;
}
