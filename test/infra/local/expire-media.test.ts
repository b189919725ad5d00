import { describe, expect, it } from 'vitest';
import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { createLogger } from '#shared/log/create-logger.ts';
import { expireMedia } from '../../../infra/local/expire-media.ts';
import { listAll } from '../../contracts/blobs/aids.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';

const DAY_MS = 24 * 3_600_000;
const log = createLogger({ name: 'test', level: 'silent' });

describe('expireMedia', () => {
  it('looks at once and every day, and deletes media after its days and no sooner', async () => {
    const { storage } = await openForTest();
    const blobs = storage.mediaBlobs;
    const keys = [mediaKeys.attachment('a', '1'), mediaKeys.inbound('i', '1')];
    for (const key of [...keys, mediaKeys.sent('i', '1')]) await blobs.put(key, new Uint8Array(1));
    // A little behind the disk's clock, so that a blob is not as old as its days at the very moment.
    let nowMs = Date.now() - 60_000;
    const left: (readonly string[])[] = [];
    const stop = new AbortController();
    const sleep = async (delayMs: number) => {
      left.push(await listAll(blobs, ''));
      nowMs += delayMs;
      if (left.length === 4) stop.abort();
    };
    const now = () => new Date(nowMs);
    await expireMedia({ blobs, mediaDays: 2, log, now, sleep }, stop.signal);
    expect(nowMs - Date.now()).toBeLessThan(4 * DAY_MS);
    expect(left.map((found) => found.length)).toEqual([3, 3, 3, 1]);
    expect(left[3]).toEqual([mediaKeys.attachment('a', '1')]);
  });

  it('ends in the middle of its day when it is told to', async () => {
    const { storage } = await openForTest();
    const stop = new AbortController();
    const running = expireMedia({ blobs: storage.mediaBlobs, mediaDays: 1, log }, stop.signal);
    stop.abort();
    await running;
  });
});
