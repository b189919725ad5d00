import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fixedTokenKeys } from '#functions/auth/token-keys.ts';
import { type Config, type Deps, makeDeps } from '#functions/deps.ts';
import { PasswordHasher } from '#shared/accounts/password-hasher.ts';
import { ATTACHMENT_BYTES_MAX } from '#shared/domain/attachment.ts';
import { createLogger } from '#shared/log/create-logger.ts';
import { blobHandler } from '#shared/storage/embedded/blob-handler.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import type { Storage } from '#shared/storage/storage.ts';
import { eventStreams } from '../../infra/local/event-streams.ts';
import { createGateway } from '../../infra/local/gateway.ts';
import { makeHandlers } from '../../infra/local/make-handlers.ts';

export const JWT_SECRET = 'a secret of tests, thirty-two bytes and more';

/** A clock that a test sets; it stands still in between. */
type TestClock = { now: Date };

export type ApiUnderTest = {
  readonly url: string;
  readonly dataDir: string;
  readonly deps: Deps;
  readonly storage: Storage;
  readonly clock: TestClock;
  /** The lines that were logged, parsed. */
  readonly logLines: () => Record<string, unknown>[];
  close(): Promise<void>;
};

type Options = {
  readonly config?: Partial<Config>;
  readonly deps?: Partial<Deps>;
  /** How many times faster time passes for what polls: less where somebody has to answer in time. */
  readonly hurry?: number;
  /** Whether events are streamed, with this between two comments. */
  readonly streams?: { readonly commentEveryMs: number; readonly streamsMax: number };
};

const HURRY = 100;

/** The whole control plane behind the local gateway, over a fresh data folder, without a runner. */
export async function startApi(options: Options = {}): Promise<ApiUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-api-'));
  const clock: TestClock = { now: new Date() };
  const storage = await openEmbeddedStorage({ dataDir, now: () => clock.now });
  const lines: string[] = [];
  const logger = createLogger(
    { name: 'test', level: 'debug' },
    { write: (line) => void lines.push(line) },
  );
  const config = {
    shardCount: 4,
    allowPrivateUrls: false,
    paceByDefault: true,
    messagesPerMinute: 0,
    openRegistration: true,
  };
  const made = makeDeps({
    storage,
    tokenKeys: fixedTokenKeys(JWT_SECRET),
    config: { ...config, ...options.config },
    logger,
    now: () => clock.now,
  });
  const deps: Deps = {
    ...made,
    // The cheapest scrypt there is: the tests are not about its strength.
    passwords: new PasswordHasher({
      cost: { log2N: 4, r: 8, p: 1 },
      randomBytes: made.randomBytes,
    }),
    sleep: async (delayMs) => await delay(delayMs / (options.hurry ?? HURRY)),
    ...options.deps,
  };
  const handlers = makeHandlers(async () => deps);
  const blobs = blobHandler({ blobs: storage.mediaBlobs, bodyBytesMax: ATTACHMENT_BYTES_MAX });
  const streams =
    options.streams && eventStreams({ handler: handlers.webhooks, ...options.streams });
  const gateway = createGateway({
    handlers,
    logger,
    extra: async (request, response, closing) =>
      (await blobs(request, response)) || ((await streams?.(request, response, closing)) ?? false),
  });
  const port = await gateway.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  storage.mediaBlobs.serveAt(url);
  return {
    url,
    dataDir,
    deps,
    storage,
    clock,
    logLines: () => lines.map((line) => JSON.parse(line)),
    async close() {
      await gateway.close();
      await storage.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
