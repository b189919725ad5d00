import { createLogger } from '#shared/log/create-logger.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { realAmbient } from './deps.ts';
import { readRunnerEnv, toNetwork } from './env.ts';
import { redirectConsole } from './whatsapp/console-redirect.ts';

const env = readRunnerEnv();
const log = createLogger({ name: 'runner', level: env.LOG_LEVEL });
redirectConsole(log);
// Only now: what this imports prints private keys to the console.
const { run } = await import('./runner.ts');

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());
// A parent that is gone can neither restart this runner nor stop it.
process.once('disconnect', () => process.exit(1));

const storage = await openEmbeddedStorage({ dataDir: env.DATA_DIR });
const runnerId = realAmbient.newId();
const running = run(
  {
    ...realAmbient,
    runnerId,
    storage,
    shardCount: env.SHARD_COUNT,
    network: toNetwork(env),
    guard: { allowPrivate: env.ALLOW_PRIVATE_URLS },
    log,
  },
  stop.signal,
);
process.send?.({ ready: true, runnerId });
await running;
await storage.close();
process.exit(0);
