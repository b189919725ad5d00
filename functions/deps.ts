import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { PasswordHasher, SCRYPT_COST } from '#shared/accounts/password-hasher.ts';
import type { Doorbell } from '#shared/contracts/doorbell.ts';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { PLACEMENT_TIMINGS, type PlacementTimings } from '#shared/contracts/placement-timings.ts';
import { createLogger, type Logger } from '#shared/log/create-logger.ts';
import { createEmfMetrics } from '#shared/metrics/emf-metrics.ts';
import { type GatheredMetrics, silentMetrics } from '#shared/metrics/metrics.ts';
import { AccountRepository } from '#shared/repositories/account-repository.ts';
import { AttachmentRepository } from '#shared/repositories/attachment-repository.ts';
import { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import { CommandRepository } from '#shared/repositories/command-repository.ts';
import { ContactRepository } from '#shared/repositories/contact-repository.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import { IdempotencyRepository } from '#shared/repositories/idempotency-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import { KnownRules } from '#shared/repositories/known-rules.ts';
import { LeaderRepository } from '#shared/repositories/leader-repository.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { LidRepository } from '#shared/repositories/lid-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { ThrottleRepository } from '#shared/repositories/throttle-repository.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import type { Queue } from '#shared/storage/queue.ts';
import type { Storage } from '#shared/storage/storage.ts';
import { RotatingTokenKeys, type SecretVersions } from './auth/rotating-token-keys.ts';
import { fixedTokenKeys, type TokenKeys } from './auth/token-keys.ts';
import { type Env, readEnv } from './env.ts';

/** What operators decide about the control plane. */
export type Config = {
  readonly shardCount: number;
  /** Whether webhooks may go to private hosts and over plain http: for one machine, never in the open. */
  readonly allowPrivateUrls: boolean;
  /** Whether runners send at a pace where customers say nothing. */
  readonly paceByDefault: boolean;
  /** Accepted of each account; 0 is no limit. */
  readonly messagesPerMinute: number;
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
  readonly leases: LeaseRepository;
  readonly leaders: LeaderRepository;
  readonly messages: MessageRepository;
  readonly outbox: OutboxRepository;
  readonly received: ReceivedRepository;
  readonly idempotency: IdempotencyRepository;
  readonly commands: CommandRepository;
  readonly lids: LidRepository;
  readonly endpoints: EndpointRepository;
  readonly events: EventRepository;
  readonly deliveries: DeliveryRepository;
  readonly contacts: ContactRepository;
  readonly attachments: AttachmentRepository;
  readonly keywords: KeywordRepository;
  /** Of the instances whose rules were tried out last. */
  readonly knownRules: KnownRules;
  readonly botChats: BotChatRepository;
  readonly throttle: ThrottleRepository;
  /** By the keys of `media-keys.ts`. Who asks for it needs a right in `infra/api/group-access.ts`. */
  readonly media: Blobs;
  readonly passwords: PasswordHasher;
  readonly tokenKeys: TokenKeys;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: GatheredMetrics;
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

/** An instance has up to 1,000 rules, with patterns; people try out few instances at a time. */
const KNOWN_RULES_INSTANCES_MAX = 8;

export type GetDeps = () => Promise<Deps>;

/** The dependencies over an open storage. Tests replace some of them. */
export function makeDeps(home: {
  storage: Storage;
  tokenKeys: TokenKeys;
  config: Config;
  logger: Logger;
  metrics?: GatheredMetrics;
  timings?: PlacementTimings;
  now?: () => Date;
}): Deps {
  const { now = () => new Date(), metrics = silentMetrics, timings = PLACEMENT_TIMINGS } = home;
  const { table } = home.storage;
  const keywords = new KeywordRepository(table);
  const nextUlid = monotonicFactory();
  return {
    accounts: new AccountRepository(table),
    instances: new InstanceRepository(table),
    runners: new RunnerRepository(table, timings),
    leases: new LeaseRepository(table),
    leaders: new LeaderRepository(table),
    messages: new MessageRepository(table),
    outbox: new OutboxRepository(table),
    received: new ReceivedRepository(table),
    idempotency: new IdempotencyRepository(table),
    commands: new CommandRepository(table),
    lids: new LidRepository(table),
    endpoints: new EndpointRepository(table),
    events: new EventRepository(table),
    deliveries: new DeliveryRepository(table),
    contacts: new ContactRepository(table),
    attachments: new AttachmentRepository(table),
    keywords,
    knownRules: new KnownRules(keywords, KNOWN_RULES_INSTANCES_MAX),
    botChats: new BotChatRepository(table),
    throttle: new ThrottleRepository(table),
    media: home.storage.mediaBlobs,
    passwords: new PasswordHasher({ cost: SCRYPT_COST, randomBytes }),
    tokenKeys: home.tokenKeys,
    config: home.config,
    logger: home.logger,
    metrics,
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
  const logger = createLogger({ name: env.SERVICE_NAME, level: env.LOG_LEVEL });
  const { storage, tokenKeys } = await openHome(env, logger);
  return makeDeps({
    storage,
    tokenKeys,
    config: {
      shardCount: env.SHARD_COUNT,
      allowPrivateUrls: env.ALLOW_PRIVATE_URLS,
      paceByDefault: env.PACE,
      messagesPerMinute: env.MESSAGES_PER_MINUTE,
      openRegistration: env.OPEN_REGISTRATION,
    },
    logger,
    metrics: env.METRICS === 'emf' ? createEmfMetrics() : silentMetrics,
  });
}

/**
 * Each home is loaded only where it is wanted. The bundles of the Lambdas leave the embedded one out, so nothing else
 * of the control plane may import it.
 */
async function openHome(
  env: Env,
  logger: Logger,
): Promise<{ storage: Storage; tokenKeys: TokenKeys }> {
  switch (env.STORAGE) {
    case 'embedded': {
      const home = await import('#shared/storage/embedded/open-embedded-storage.ts');
      const storage = await home.openEmbeddedStorage({ dataDir: env.DATA_DIR });
      return { storage, tokenKeys: fixedTokenKeys(env.JWT_SECRET) };
    }
    case 'aws': {
      const home = await import('#shared/storage/aws/open-aws-storage.ts');
      const storage = home.openAwsStorage({
        tableName: env.TABLE_NAME,
        queueUrlBase: env.QUEUE_URL_BASE,
        mediaBucket: env.MEDIA_BUCKET,
      });
      return { storage, tokenKeys: secretsManagerKeys(env.JWT_SECRET_ARN, logger) };
    }
  }
}

/** What calls without an access token never need is loaded at the first that has one. */
function secretsManagerKeys(secretArn: string, logger: Logger): TokenKeys {
  let reader: Promise<() => Promise<SecretVersions>> | undefined;
  return new RotatingTokenKeys({
    readVersions: async () => {
      reader ??= import('./auth/read-secret-versions.ts').then((read) =>
        read.secretReader(secretArn),
      );
      return await (await reader)();
    },
    now: () => new Date(),
    onFault: (err) => logger.error({ err }, 'The keys of access tokens could not be read anew.'),
  });
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
