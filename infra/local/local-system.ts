import { createLogger } from '#shared/log/create-logger.ts';
import { AccountRepository } from '#shared/repositories/account-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { LeaderRepository } from '#shared/repositories/leader-repository.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { requireShardCount } from '#shared/repositories/require-shard-count.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { simulatorChild } from './children.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { expireMedia } from './expire-media.ts';
import type { LocalOptions } from './local-options.ts';
import { openGateway } from './open-gateway.ts';
import { startRunners } from './runners.ts';

export type LocalSystem = {
  /** The gateway, `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The simulator's control API; not there in live use. */
  readonly simulatorUrl: string | undefined;
  readonly runnerCount: number;
  /** Lets an account see what is of the whole system. */
  makeAdmin(email: string): Promise<void>;
  /** Stops everything, in the order in which nothing is lost. */
  stop(): Promise<void>;
};

/**
 * The whole system on one machine: the gateway in this process, the runners and the simulator as its children, and
 * everything that lasts in one data folder.
 */
export async function startLocalSystem(options: LocalOptions): Promise<LocalSystem> {
  const { DATA_DIR, LOG_LEVEL, MEDIA_DAYS, isLive } = options;
  requireUsualTimings(options);
  const log = createLogger({ name: 'local', level: LOG_LEVEL });
  const lock = await lockDataFolder(DATA_DIR);
  const storage = await openEmbeddedStorage({ dataDir: DATA_DIR });
  // Whatever ran on this folder before is gone, or the lock would be taken.
  const runners = new RunnerRepository(storage.table);
  await runners.removeAll();
  await new LeaderRepository(storage.table).remove();
  await requireShardCount(options.SHARD_COUNT, {
    leases: new LeaseRepository(storage.table),
    instances: new InstanceRepository(storage.table),
  });
  const { gateway, url } = await openGateway(options, { storage, log });
  const stop = new AbortController();
  const expiry = { blobs: storage.mediaBlobs, mediaDays: MEDIA_DAYS, log };
  const expiring = expireMedia(expiry, stop.signal);
  const simulator = isLive ? undefined : simulatorChild(options, log);
  const simulated = await simulator?.start();
  const fleet = await startRunners({ ...options, publicUrl: url, simulated }, { runners, log });
  return {
    url,
    simulatorUrl: simulated?.controlUrl,
    runnerCount: options.RUNNERS,
    makeAdmin: async (email) => await makeAdmin(email, new AccountRepository(storage.table)),
    stop: async () => {
      await gateway.close();
      await fleet.stop();
      await simulator?.stop();
      stop.abort();
      await expiring;
      await storage.close();
      lock.release();
    },
  };
}

/** A customer's session must not hang on timings that a busy machine cannot keep. */
function requireUsualTimings({ TIMINGS_SCALE, isLive }: LocalOptions): void {
  if (!isLive || TIMINGS_SCALE === 1) return;
  throw new Error('TIMINGS_SCALE is for tests in the sandbox: it does not go with --live.');
}

async function makeAdmin(
  email: string,
  accounts: Pick<AccountRepository, 'getByEmail' | 'setRole'>,
): Promise<void> {
  const account = await accounts.getByEmail(email);
  if (account !== undefined && account.role !== 'ADMIN') {
    await accounts.setRole(account.accountId, 'ADMIN');
  }
}
