import { flushCompileCache } from 'node:module';
import { scaledTimings } from '#shared/contracts/placement-timings.ts';
import { createLogger } from '#shared/log/create-logger.ts';
import { createEmfMetrics } from '#shared/metrics/emf-metrics.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import { realAmbient } from './deps.ts';
import { readRunnerEnv, toNetwork } from './env.ts';
import { openRunnerStorage } from './open-runner-storage.ts';
import { watchLoop } from './placement/loop-watchdog.ts';
import { readTask } from './placement/task.ts';
import { TaskProtection } from './placement/task-protection.ts';
import { redirectConsole } from './whatsapp/console-redirect.ts';

const FLUSH_METRICS_EVERY_MS = 10_000;

const env = readRunnerEnv();
const log = createLogger({ name: env.SERVICE_NAME, level: env.LOG_LEVEL });
redirectConsole(log);
// Only now: what this imports prints private keys to the console.
const { run } = await import('./runner.ts');
const { openWhatsApp } = await import('./whatsapp/open-whatsapp.ts');

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());
// A parent that is gone can neither restart this runner nor stop it.
process.once('disconnect', () => process.exit(1));

const { ECS_CONTAINER_METADATA_URI_V4: metadataUri, ECS_AGENT_URI: agentUri } = env;
const ambient = { ...realAmbient, log };
const task = metadataUri === undefined ? undefined : await readTask(metadataUri, ambient);
const runnerId = task?.runnerId ?? realAmbient.newId();
const metrics =
  env.METRICS === 'emf'
    ? createEmfMetrics({ flushEveryMs: FLUSH_METRICS_EVERY_MS })
    : silentMetrics;
const storage = await openRunnerStorage(env);
const timings = scaledTimings(env.TIMINGS_SCALE);
const unwatchLoop = watchLoop({ ...ambient, timings });
const end = await run(
  {
    ...ambient,
    log: log.child({ runnerId }),
    runnerId,
    version: task?.version,
    storage,
    shardCount: env.SHARD_COUNT,
    timings,
    whatsapp: await openWhatsApp(toNetwork(env)),
    guard: { allowPrivate: env.ALLOW_PRIVATE_URLS },
    paceByDefault: env.PACE,
    healthPort: env.HEALTH_PORT,
    protection: agentUri === undefined ? undefined : new TaskProtection(agentUri, ambient),
    metrics,
    onReady: () => {
      process.send?.({ ready: true, runnerId });
      // Else it is written at the end only, which a kill does not wait for. Does nothing where there is no cache.
      flushCompileCache();
    },
  },
  stop.signal,
);
metrics.close();
// A runner that was not drained writes nothing more: the end of the process closes its sockets.
if (end !== 'drained') process.exit(1);
await unwatchLoop();
await storage.close();
process.exit(0);
