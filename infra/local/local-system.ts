import { createLogger } from '#shared/log/create-logger.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { runnerChild, simulatorChild } from './children.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { expireMedia } from './expire-media.ts';
import type { LocalOptions } from './local-options.ts';
import { openGateway } from './open-gateway.ts';

export type LocalSystem = {
  /** The gateway, `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The simulator's control API; not there in live use. */
  readonly simulatorUrl: string | undefined;
  /** Stops everything, in the order in which nothing is lost. */
  stop(): Promise<void>;
};

/**
 * The whole system on one machine: the gateway in this process, the runner and the simulator as its children, and
 * everything that lasts in one data folder.
 */
export async function startLocalSystem(options: LocalOptions): Promise<LocalSystem> {
  const { DATA_DIR, LOG_LEVEL, MEDIA_DAYS, isLive } = options;
  const log = createLogger({ name: 'local', level: LOG_LEVEL });
  const lock = await lockDataFolder(DATA_DIR);
  const storage = await openEmbeddedStorage({ dataDir: DATA_DIR });
  // Whatever ran on this folder before is gone, or the lock would be taken.
  const runners = new RunnerRepository(storage.table);
  await runners.removeAll();
  const { gateway, url } = await openGateway(options, { storage, log });
  const stop = new AbortController();
  const expiry = { blobs: storage.mediaBlobs, mediaDays: MEDIA_DAYS, log };
  const expiring = expireMedia(expiry, stop.signal);
  const simulator = isLive ? undefined : simulatorChild(options, log);
  const simulated = await simulator?.start();
  // Its process has ended, so the next one need not wait for its silence.
  const onEnded = async (runnerId: string) => {
    await runners.markDead(runnerId, { at: new Date() });
  };
  const runner = runnerChild({ ...options, publicUrl: url, simulated, onEnded }, log);
  await runner.start();
  return {
    url,
    simulatorUrl: simulated?.controlUrl,
    stop: async () => {
      await gateway.close();
      await runner.stop();
      await simulator?.stop();
      stop.abort();
      await expiring;
      await storage.close();
      lock.release();
    },
  };
}
