import { createLogger } from '#shared/log/create-logger.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { readLocalEnv } from '../../infra/local/env.ts';
import { openGateway } from '../../infra/local/open-gateway.ts';

/** The control plane as a process of its own, to be killed without the runners. */
const env = readLocalEnv();
const log = createLogger({ name: 'gateway', level: env.LOG_LEVEL });
const storage = await openEmbeddedStorage({ dataDir: env.DATA_DIR });
const { gateway, url } = await openGateway({ ...env, isLive: false }, { storage, log });
process.once('disconnect', () => process.exit(1));
process.once('SIGTERM', async () => {
  await gateway.close();
  await storage.close();
  process.exit(0);
});
process.send?.({ ready: true, url });
