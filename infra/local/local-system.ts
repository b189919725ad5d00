import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeDeps } from '#functions/deps.ts';
import { createLogger, type Logger } from '#shared/log/create-logger.ts';
import { blobHandler } from '#shared/storage/embedded/blob-handler.ts';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { readOrMakeSecret } from '#shared/storage/embedded/secret-file.ts';
import { Child } from './child.ts';
import { childEnv, type LocalEnv } from './env.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { makeHandlers } from './make-handlers.ts';

const HOST = '127.0.0.1';
/** The longest upload by a presigned URL: what WhatsApp takes as a document's comfortable size. */
const UPLOAD_BYTES_MAX = 100 * 1024 * 1024;

const RunnerReady = z.object({ ready: z.literal(true) });
const SimulatorReady = RunnerReady.extend({
  url: z.string(),
  controlUrl: z.string(),
  noiseRoot: z.string(),
  caCertificatePath: z.string(),
});
type SimulatorReady = z.infer<typeof SimulatorReady>;

export type LocalSystem = {
  /** The gateway, `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The simulator's control API; not there in live use. */
  readonly simulatorUrl: string | undefined;
  /** Stops everything, in the order in which nothing is lost. */
  stop(): Promise<void>;
};

export type LocalOptions = LocalEnv & { readonly isLive: boolean };

/**
 * The whole system on one machine: the gateway in this process, the runner and the simulator as its children, and
 * everything that lasts in one data folder.
 */
export async function startLocalSystem(options: LocalOptions): Promise<LocalSystem> {
  const log = createLogger({ name: 'local', level: options.LOG_LEVEL });
  const { gateway, url, storage } = await openGateway(options, log);
  const simulator = options.isLive ? undefined : simulatorChild(options, log);
  const simulated = await simulator?.start();
  const runner = runnerChild(options, simulated, log);
  await runner.start();
  return {
    url,
    simulatorUrl: simulated?.controlUrl,
    stop: async () => {
      await gateway.close();
      await runner.stop();
      await simulator?.stop();
      await storage.close();
    },
  };
}

/** Whether webhooks may go to this machine: by default in the sandbox alone. */
function allowPrivateUrls({ ALLOW_PRIVATE_URLS, isLive }: LocalOptions): boolean {
  return ALLOW_PRIVATE_URLS ?? !isLive;
}

async function openGateway(
  options: LocalOptions,
  log: Logger,
): Promise<{ gateway: Gateway; url: string; storage: EmbeddedStorage }> {
  const { DATA_DIR, PORT, LOG_LEVEL } = options;
  const storage = await openEmbeddedStorage({
    dataDir: DATA_DIR,
    baseUrl: `http://${HOST}:${PORT}`,
  });
  const secret = await readOrMakeSecret(join(DATA_DIR, 'jwt.key'), randomBytes);
  const deps = makeDeps({
    storage,
    jwtSecret: new TextEncoder().encode(secret),
    config: {
      shardCount: options.SHARD_COUNT,
      allowPrivateUrls: allowPrivateUrls(options),
      openRegistration: options.OPEN_REGISTRATION,
    },
    logger: createLogger({ name: 'functions', level: LOG_LEVEL }),
  });
  const gateway = createGateway({
    handlers: makeHandlers(async () => deps),
    logger: log,
    extra: blobHandler({ blobs: storage.blobs, bodyBytesMax: UPLOAD_BYTES_MAX }),
  });
  const port = await gateway.listen(PORT, HOST);
  return { gateway, url: `http://${HOST}:${port}`, storage };
}

function simulatorChild(options: LocalOptions, log: Logger): Child<SimulatorReady> {
  const { SIMULATOR_PORT, DATA_DIR, LOG_LEVEL } = options;
  const portAfter = (steps: number) => String(SIMULATOR_PORT === 0 ? 0 : SIMULATOR_PORT + steps);
  const env = childEnv({
    SIMULATOR_PORT: portAfter(0),
    SIMULATOR_WS_PORT: portAfter(1),
    SIMULATOR_MEDIA_PORT: portAfter(2),
    DATA_DIR,
    LOG_LEVEL,
  });
  return new Child(
    { name: 'simulator', modulePath: pathOf('../../simulator/main.ts'), env, log },
    (message) => SimulatorReady.safeParse(message).data,
  );
}

function runnerChild(
  options: LocalOptions,
  simulated: SimulatorReady | undefined,
  log: Logger,
): Child<unknown> {
  const { DATA_DIR, LOG_LEVEL, SHARD_COUNT } = options;
  const env = childEnv({
    DATA_DIR,
    LOG_LEVEL,
    SHARD_COUNT: String(SHARD_COUNT),
    ALLOW_PRIVATE_URLS: allowPrivateUrls(options) ? '1' : '0',
    ...(simulated && {
      WHATSAPP_URL: simulated.url,
      WHATSAPP_NOISE_ROOT: simulated.noiseRoot,
      // Node reads it once, at its start: the simulated media server has a certificate of its own.
      NODE_EXTRA_CA_CERTS: simulated.caCertificatePath,
    }),
  });
  return new Child(
    { name: 'runner', modulePath: pathOf('../../runner/main.ts'), env, log },
    (message) => RunnerReady.safeParse(message).data,
  );
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
