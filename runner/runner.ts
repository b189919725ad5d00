import type { Logger } from 'pino';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { type InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Ambient } from './deps.ts';
import { makeGuardedDispatcher, type UrlGuard } from './http/guarded-dispatcher.ts';
import { AuthState } from './journal/auth-state.ts';
import { BlobAuthLog } from './journal/blob-auth-log.ts';
import { beatUntil } from './placement/heartbeat.ts';
import { LoginPacer } from './placement/login-pacer.ts';
import { ShardKeeper } from './placement/shard-keeper.ts';
import { InstanceKeeper } from './session/instance-keeper.ts';
import { makeSession, type SessionParts } from './session/make-session.ts';
import { EventRecorder } from './webhooks/event-recorder.ts';
import { WebhookDelivery } from './webhooks/webhook-delivery.ts';
import { findVersion, type Network, trustNetwork } from './whatsapp/network.ts';

export type RunnerOptions = Ambient & {
  /** Names this run: a runner that is started again is another one. */
  readonly runnerId: string;
  readonly storage: RunnerStorage;
  readonly shardCount: number;
  readonly network: Network;
  readonly guard: UrlGuard;
  readonly log: Logger;
};

/** Holds the sessions of all shards until the signal aborts; then closes them cleanly and resolves. */
export async function run(options: RunnerOptions, signal: AbortSignal): Promise<void> {
  const { storage, shardCount, network, guard, log } = options;
  trustNetwork(network);
  const version = await findVersion(network);
  const webhooks = new WebhookRepository(storage.table);
  const dispatcher = makeGuardedDispatcher(guard);
  const delivery = new WebhookDelivery({ ...options, webhooks, dispatcher }, signal);
  const runners = new RunnerRepository(storage.table);
  await runners.beat(options.runnerId, options.now());
  const parts: SessionParts = {
    ...options,
    instances: new InstanceRepository(storage.table),
    messages: new MessageRepository(storage.table),
    events: new EventRecorder({ webhooks, onRecorded: (event) => delivery.enqueue(event) }),
    pacer: new LoginPacer(options),
    network: { version, ...(network.kind === 'simulated' && { url: network.url }) },
  };
  const shards = Array.from({ length: shardCount }, (_, shard) => {
    const queue = storage.openQueue(shardQueueSettings(shard));
    return new ShardKeeper(shard, {
      ...parts,
      queue,
      makeKeeper: (ref) => makeKeeper(ref, { storage, webhooks, parts }),
      resumeWebhooks: (instanceId) => delivery.resume(instanceId),
    });
  });
  log.info({ shardCount, network: network.kind }, 'The runner has started.');
  const heart = new AbortController();
  const beating = beatUntil(options.runnerId, { ...options, runners }, heart.signal);
  await Promise.all(shards.map((shard) => shard.run(signal)));
  await delivery.idle();
  heart.abort();
  await beating;
  await dispatcher.close();
  log.info('The runner has stopped.');
}

type KeeperParts = {
  readonly storage: RunnerStorage;
  readonly webhooks: WebhookRepository;
  readonly parts: SessionParts;
};

function makeKeeper(ref: InstanceRef, { storage, webhooks, parts }: KeeperParts): InstanceKeeper {
  const { instanceId } = ref;
  const openAuth = authSource(storage, instanceId);
  return new InstanceKeeper(ref, {
    ...parts,
    openAuth,
    makeSession: (instance) => makeSession(instance, openAuth, parts),
    purge: async () => {
      while (await parts.messages.purge(instanceId)) parts.log.debug({ instanceId }, 'Purging.');
      await webhooks.purge(instanceId);
      parts.events.forget(instanceId);
    },
  });
}

/** One auth state an instance, for as long as it is sound. */
function authSource(storage: RunnerStorage, instanceId: string): () => Promise<AuthState> {
  let current: AuthState | undefined;
  return async () => {
    if (current === undefined || current.isDead) {
      current = await AuthState.open(new BlobAuthLog(storage.authBlobs, instanceId));
    }
    return current;
  };
}
