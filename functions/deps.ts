import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import type { Doorbell } from '#shared/contracts/doorbell.ts';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { createLogger, type Logger } from '#shared/log/create-logger.ts';
import { AccountRepository } from '#shared/repositories/account-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { ThrottleRepository } from '#shared/repositories/throttle-repository.ts';
import { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import type { Queue } from '#shared/storage/queue.ts';
import type { Storage } from '#shared/storage/storage.ts';
import { PasswordHasher, SCRYPT_COST } from './auth/password-hasher.ts';
import { type Env, readEnv } from './env.ts';

/** What operators decide about the control plane. */
export type Config = {
  readonly shardCount: number;
  /** Whether webhooks may go to private hosts and over plain http: for one machine, never in the open. */
  readonly allowPrivateUrls: boolean;
  /** Whether anybody may register. */
  readonly openRegistration: boolean;
};

/** Puts a doorbell on its shard's queue. A repeat with the same `dedupId` within five minutes is dropped. */
type RingDoorbell = (
  shard: number,
  doorbell: Doorbell,
  options: { dedupId: string },
) => Promise<void>;

/** Everything that operations work with. Each asks for what it needs: `Pick<Deps, …>`. */
export type Deps = {
  readonly accounts: AccountRepository;
  readonly instances: InstanceRepository;
  readonly runners: RunnerRepository;
  readonly messages: MessageRepository;
  readonly webhooks: WebhookRepository;
  readonly throttle: ThrottleRepository;
  readonly passwords: PasswordHasher;
  readonly jwtSecret: Uint8Array;
  readonly config: Config;
  readonly logger: Logger;
  readonly ringDoorbell: RingDoorbell;
  /** Throws when the storage does not answer. */
  readonly checkStorage: () => Promise<void>;
  readonly now: () => Date;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly randomBytes: (count: number) => Uint8Array;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ids in the order in which they are asked for, in this process. */
  readonly newUlid: () => string;
};

export type GetDeps = () => Promise<Deps>;

/** The dependencies over an open storage. Tests replace some of them. */
export function makeDeps(home: {
  storage: Storage;
  jwtSecret: Uint8Array;
  config: Config;
  logger: Logger;
  now?: () => Date;
}): Deps {
  const { now = () => new Date() } = home;
  const { table } = home.storage;
  const nextUlid = monotonicFactory();
  return {
    accounts: new AccountRepository(table),
    instances: new InstanceRepository(table),
    runners: new RunnerRepository(table),
    messages: new MessageRepository(table),
    webhooks: new WebhookRepository(table),
    throttle: new ThrottleRepository(table),
    passwords: new PasswordHasher({ cost: SCRYPT_COST, randomBytes }),
    jwtSecret: home.jwtSecret,
    config: home.config,
    logger: home.logger,
    ringDoorbell: doorbellsOf(home.storage),
    checkStorage: async () => void (await table.get(keys.shard(0))),
    now,
    sleep: async (delayMs) => await sleep(delayMs),
    randomBytes,
    random: () => Math.random(),
    newUlid: () => nextUlid(now().getTime()),
  };
}

let made: Promise<Deps> | undefined;

/** The dependencies by this process's environment, made at the first call and kept for the next. */
export const getDeps: GetDeps = async () => {
  made ??= makeFromEnv(readEnv());
  return await made;
};

async function makeFromEnv(env: Env): Promise<Deps> {
  return makeDeps({
    storage: await openStorage(env),
    jwtSecret: new TextEncoder().encode(env.JWT_SECRET),
    config: {
      shardCount: env.SHARD_COUNT,
      allowPrivateUrls: env.ALLOW_PRIVATE_URLS,
      openRegistration: env.OPEN_REGISTRATION,
    },
    logger: createLogger({ name: 'functions', level: env.LOG_LEVEL }),
  });
}

/** Loaded when it is wanted, so that one home's code does not need the other's technology. */
async function openStorage({ STORAGE, DATA_DIR }: Env): Promise<Storage> {
  switch (STORAGE) {
    case 'embedded': {
      const home = await import('#shared/storage/embedded/open-embedded-storage.ts');
      return home.openEmbeddedStorage({ dataDir: DATA_DIR });
    }
  }
}

function doorbellsOf(storage: Storage): RingDoorbell {
  const queues = new Map<number, Queue>();
  return async (shard, doorbell, { dedupId }) => {
    const queue = queues.get(shard) ?? storage.openQueue(shardQueueSettings(shard));
    queues.set(shard, queue);
    // A group of its own: order says nothing here, and a runner that dies with one in hand holds up no other.
    await queue.send({ group: dedupId, dedupId, body: JSON.stringify(doorbell) });
  };
}
