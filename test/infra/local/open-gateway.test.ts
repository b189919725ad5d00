import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from '#shared/log/create-logger.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { openGateway } from '../../../infra/local/open-gateway.ts';
import { temporaryFolder } from '../../shared/storage/embedded/temporary-folder.ts';

const SOON = { expiresInMs: 60_000 };
/** More than the API itself takes in a body. */
const BYTES = 11 * 1_048_576;

it('serves the URLs of blobs on the port that it got, also of blobs that no call of the API could carry', async () => {
  const dataDir = await temporaryFolder();
  const storage = await openEmbeddedStorage({ dataDir });
  const options = {
    DATA_DIR: dataDir,
    PORT: 0,
    SIMULATOR_PORT: 0,
    SHARD_COUNT: 1,
    RUNNERS: 1,
    TIMINGS_SCALE: 1,
    MEDIA_DAYS: 30,
    LOG_LEVEL: 'silent',
    METRICS: 'none',
    OPEN_REGISTRATION: true,
    isLive: false,
  } as const;
  const log = createLogger({ name: 'test', level: 'silent' });
  const { gateway, url } = await openGateway(options, { storage, log });
  onTestFinished(async () => {
    await gateway.close();
    await storage.close();
  });
  const upload = await storage.mediaBlobs.presignUpload('sent/i/1', { ...SOON, bytes: BYTES });
  expect(new URL(upload.url).origin).toBe(url);
  const answer = await fetch(upload.url, { method: 'PUT', body: Buffer.alloc(BYTES, 1) });
  expect(answer.status).toBe(200);
  const download = await storage.mediaBlobs.presignDownload('sent/i/1', SOON);
  expect((await (await fetch(download.url)).arrayBuffer()).byteLength).toBe(BYTES);
});
