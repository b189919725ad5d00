import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunnerEnv } from '#runner/env.ts';
import { openRunnerStorage } from '#runner/open-runner-storage.ts';
import { temporaryFolder } from '../shared/storage/embedded/temporary-folder.ts';

const SOON = { expiresInMs: 60_000 };

async function openWith(PUBLIC_URL?: string) {
  const env: RunnerEnv = {
    STORAGE: 'embedded',
    DATA_DIR: await temporaryFolder(),
    PUBLIC_URL,
    SHARD_COUNT: 1,
    ALLOW_PRIVATE_URLS: false,
    PACE: true,
    LOG_LEVEL: 'silent',
    SERVICE_NAME: 'runner',
    METRICS: 'none',
    TIMINGS_SCALE: 1,
  };
  const storage = await openRunnerStorage(env);
  onTestFinished(async () => await storage.close());
  return storage;
}

describe('openRunnerStorage in the embedded home', () => {
  it.each(['http://127.0.0.1:4321', 'http://127.0.0.1:4321/'])(
    'makes URLs that lead to the gateway at %s',
    async (publicUrl) => {
      const { mediaBlobs } = await openWith(publicUrl);
      const { url } = await mediaBlobs.presignDownload('inbound/i/1', SOON);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4321\/_blobs\/inbound\/i\/1\?/);
    },
  );

  it('makes none when it was not told of a gateway', async () => {
    const { mediaBlobs } = await openWith();
    await expect(mediaBlobs.presignDownload('inbound/i/1', SOON)).rejects.toThrow(
      'was not told where blobs are served',
    );
  });
});
