import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import { CommandRepository } from '#shared/repositories/command-repository.ts';
import { type InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import type { HeldLease } from '#shared/repositories/lease-repository.ts';
import { LidRepository } from '#shared/repositories/lid-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Ambient } from './deps.ts';
import { makeGuardedDispatcher, type UrlGuard } from './http/guarded-dispatcher.ts';
import { AuthSource } from './journal/auth-source.ts';
import { eraseUnread } from './journal/erase-unread.ts';
import { FencedJournal } from './journal/fenced-journal.ts';
import { ImpatientAuthLog } from './journal/impatient-auth-log.ts';
import { MeteredAuthLog } from './journal/metered-auth-log.ts';
import { makeMediaDispatcher } from './media/media-dispatcher.ts';
import { purgeMedia } from './media/purge-media.ts';
import { expireMessage } from './outbound/expire-message.ts';
import { LoginPacer } from './placement/login-pacer.ts';
import { ShardKeeper } from './placement/shard-keeper.ts';
import { eventMediaFetching } from './session/fetch-event-media.ts';
import { InstanceKeeper } from './session/instance-keeper.ts';
import { makeSession, type SessionParts } from './session/make-session.ts';
import { mediaPreparation } from './session/session-media.ts';
import type { WhatsApp } from './session/whatsapp.ts';
import type { PostWebhook } from './webhooks/post-webhook.ts';
import { WebhookWork } from './webhooks/webhook-work.ts';

const WRITER_BYTES = 8;

export type ShardMakerOptions = Ambient & {
  readonly runnerId: string;
  readonly storage: RunnerStorage;
  readonly whatsapp: WhatsApp;
  readonly guard: UrlGuard;
  /** How a webhook is posted; HTTP when nothing is said. */
  readonly post?: PostWebhook | undefined;
  readonly paceByDefault: SessionParts['paceByDefault'];
  readonly mayAct: SessionParts['mayAct'];
  readonly isLeaseOurs: SessionParts['isLeaseOurs'];
  readonly metrics: Metrics;
  readonly log: Logger;
};

/** Makes the keepers of shards, out of what all shards of a runner share. */
export class ShardMaker {
  readonly #storage: RunnerStorage;
  readonly #webhooks: WebhookWork;
  readonly #dispatchers: readonly Dispatcher[];
  readonly #loginPacer: LoginPacer;
  readonly #parts: SessionParts;
  /** Tells this runner's records from those of any other. */
  readonly #writer = randomBytes(WRITER_BYTES).toString('hex');

  /** No webhook is posted any more when `stop` aborts. */
  constructor(options: ShardMakerOptions, stop: AbortSignal) {
    const { storage } = options;
    const { table, mediaBlobs: blobs } = storage;
    const dispatcher = makeGuardedDispatcher(options.guard);
    const mediaDispatcher = makeMediaDispatcher();
    const instances = new InstanceRepository(table);
    const messages = new MessageRepository(table);
    const { toOwnMessage } = options.whatsapp;
    const webhooks = new WebhookWork(
      { ...options, table, instances, messages, toOwnMessage },
      stop,
    );
    this.#storage = storage;
    this.#webhooks = webhooks;
    this.#dispatchers = [dispatcher, mediaDispatcher];
    this.#loginPacer = new LoginPacer(options);
    this.#parts = {
      ...options,
      ...options.whatsapp,
      instances,
      messages,
      outbox: new OutboxRepository(table),
      received: new ReceivedRepository(table),
      choices: new ChoiceRepository(table),
      lids: new LidRepository(table),
      keywords: new KeywordRepository(table),
      botChats: new BotChatRepository(table),
      events: webhooks.recorder,
      loginPacer: this.#loginPacer,
      prepareMedia: mediaPreparation({
        ...options,
        blobs,
        dispatcher,
        mediaDispatcher,
        randomBytes,
      }),
      fetchMedia: eventMediaFetching({ ...options, blobs, mediaDispatcher }),
    };
  }

  /** A keeper that knows nothing yet: what was true when the shard was held before is no longer. */
  make({ shard, epoch }: Pick<HeldLease, 'shard' | 'epoch'>): ShardKeeper {
    return new ShardKeeper(shard, {
      ...this.#parts,
      queue: this.#storage.openQueue(shardQueueSettings(shard)),
      expire: (entry) => expireMessage(entry, this.#parts),
      makeKeeper: (ref) => this.#makeKeeper(ref, epoch),
      tellUntold: (ref) => this.#webhooks.tell(ref),
      resumeWebhooks: (instanceId) => this.#webhooks.delivery.resume(instanceId),
      lookAtWebhook: (ref) => this.#webhooks.delivery.look(ref),
      countWaiting: (of) => this.#loginPacer.waitingIn(of),
      leaveWebhooks: (instanceId) => this.#webhooks.leave(instanceId),
    });
  }

  /** Resolves when the last webhooks are through. Call it when no keeper runs any more. */
  async close(): Promise<void> {
    await this.#webhooks.close();
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.close()));
  }

  #makeKeeper(ref: InstanceRef, epoch: number): InstanceKeeper {
    const { instanceId } = ref;
    const { messages, log } = this.#parts;
    const auth = this.#authSource(instanceId, epoch);
    this.#webhooks.delivery.hold(instanceId);
    return new InstanceKeeper(ref, {
      ...this.#parts,
      commands: new CommandRepository(this.#storage.table),
      auth,
      makeSession: (instance) => makeSession(instance, () => auth.open(), this.#parts),
      purge: async () => {
        while (await messages.purge(instanceId)) log.debug({ instanceId }, 'Purging.');
        await this.#webhooks.purge(instanceId);
        await purgeMedia(instanceId, this.#storage.mediaBlobs);
        void this.#webhooks.leave(instanceId);
      },
    });
  }

  #authSource(instanceId: string, epoch: number): AuthSource {
    const { authBlobs: blobs, keyWrap } = this.#storage;
    const opener = { epoch, writer: this.#writer };
    const deps = { ...this.#parts, blobs, keyWrap, randomBytes };
    return new AuthSource({
      makeLog: () => {
        const journal = new FencedJournal(instanceId, opener, deps);
        return new MeteredAuthLog(new ImpatientAuthLog(journal, this.#parts), this.#parts);
      },
      eraseUnread: () => eraseUnread(instanceId, blobs),
    });
  }
}
