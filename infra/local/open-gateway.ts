import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fixedTokenKeys } from '#functions/auth/token-keys.ts';
import { makeDeps } from '#functions/deps.ts';
import { scaledTimings } from '#shared/contracts/placement-timings.ts';
import { ATTACHMENT_BYTES_MAX } from '#shared/domain/attachment.ts';
import { createLogger, type Logger } from '#shared/log/create-logger.ts';
import { createEmfMetrics } from '#shared/metrics/emf-metrics.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import { blobHandler } from '#shared/storage/embedded/blob-handler.ts';
import type { EmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { readOrMakeSecret } from '#shared/storage/embedded/secret-file.ts';
import { eventStreams } from './event-streams.ts';
import { createGateway, type Gateway } from './gateway.ts';
import {
  allowPrivateUrls,
  type LocalOptions,
  messagesPerMinute,
  paceByDefault,
} from './local-options.ts';
import { makeHandlers } from './make-handlers.ts';

const HOST = '127.0.0.1';

/**
 * The control plane on this machine: all of its Lambdas behind the gateway, with the presigned URLs and the streams of
 * events beside them.
 */
export async function openGateway(
  options: LocalOptions,
  { storage, log }: { storage: EmbeddedStorage; log: Logger },
): Promise<{ gateway: Gateway; url: string }> {
  const secret = await readOrMakeSecret(join(options.DATA_DIR, 'jwt.key'), randomBytes);
  const deps = makeDeps({
    storage,
    tokenKeys: fixedTokenKeys(secret),
    timings: scaledTimings(options.TIMINGS_SCALE),
    config: {
      shardCount: options.SHARD_COUNT,
      allowPrivateUrls: allowPrivateUrls(options),
      paceByDefault: paceByDefault(options),
      messagesPerMinute: messagesPerMinute(options),
      openRegistration: options.OPEN_REGISTRATION,
    },
    logger: createLogger({ name: 'functions', level: options.LOG_LEVEL }),
    metrics: options.METRICS === 'emf' ? createEmfMetrics() : silentMetrics,
  });
  const handlers = makeHandlers(async () => deps);
  const blobs = blobHandler({ blobs: storage.mediaBlobs, bodyBytesMax: ATTACHMENT_BYTES_MAX });
  const streams = eventStreams({ handler: handlers.webhooks });
  const gateway = createGateway({
    handlers,
    logger: log,
    extra: async (request, response, closing) =>
      (await blobs(request, response)) || (await streams(request, response, closing)),
  });
  const port = await gateway.listen(options.PORT, HOST);
  const url = `http://${HOST}:${port}`;
  storage.mediaBlobs.serveAt(url);
  return { gateway, url };
}
