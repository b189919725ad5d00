import { setTimeout } from 'node:timers/promises';
import { EXPIRING_MEDIA_PREFIXES } from '#shared/contracts/media-keys.ts';
import type { Logger } from '#shared/log/create-logger.ts';
import { expireBlobs } from '#shared/storage/embedded/expire-blobs.ts';
import type { FileBlobs } from '#shared/storage/embedded/file-blobs.ts';

const DAY_MS = 24 * 3_600_000;
/** A pass of so many takes minutes on a slow disk. */
const DELETIONS_MAX = 100_000;

export type MediaExpiryOptions = {
  readonly blobs: FileBlobs;
  readonly mediaDays: number;
  readonly log: Logger;
  readonly now?: () => Date;
  /** Resolves after the time, or when the signal aborts. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** What the lifecycle rule of the media bucket does on AWS: at once and then once a day, until the signal aborts. */
export async function expireMedia(
  { blobs, mediaDays, log, now = () => new Date(), sleep = realSleep }: MediaExpiryOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const before = new Date(now().getTime() - mediaDays * DAY_MS);
    const limits = { before, deletionsMax: DELETIONS_MAX, signal };
    try {
      const deleted = await expireBlobs(blobs, { prefixes: EXPIRING_MEDIA_PREFIXES, ...limits });
      if (deleted > 0) log.info({ deleted }, 'Old media was deleted.');
    } catch (err) {
      // The next pass finds whatever this one has left.
      log.error({ err }, 'Old media could not be deleted.');
    }
    await sleep(DAY_MS, signal);
  }
}

async function realSleep(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(delayMs, undefined, { signal, ref: false });
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}
