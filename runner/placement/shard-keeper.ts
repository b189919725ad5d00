import type { Logger } from 'pino';
import { Doorbell } from '#shared/contracts/doorbell.ts';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { EndpointRef } from '#shared/repositories/delivery-repository.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { OutboxEntry, OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import type { Queue, Received } from '#shared/storage/queue.ts';
import type { InstanceKeeper } from '../session/instance-keeper.ts';
import type { ShardWork } from './shard-work.ts';

const DOORBELLS_PER_RECEIVE = 10;
const RECEIVE_WAIT_MS = 20_000;
/** Finds what a lost doorbell should have told. */
const SWEEP_EVERY_MS = 30_000;
/** After a fault of the queue or the table. */
const FAULT_DELAY_MS = 1_000;
/** Webhooks that are being posted when the shard is let go: those that take longer come twice. */
const POSTS_GRACE_MS = 500;

export type ShardKeeperDeps = {
  readonly queue: Queue;
  readonly instances: InstanceRepository;
  readonly outbox: OutboxRepository;
  /** Ends a message whose time has run out, if no attempt was made of it. */
  readonly expire: (entry: OutboxEntry) => Promise<void>;
  readonly makeKeeper: (ref: InstanceRef) => InstanceKeeper;
  /** Records what changed and was told by nobody: an earlier runner left it, or the control plane did it. */
  readonly tellUntold: (ref: InstanceRef) => Promise<void>;
  /** Takes up the webhooks that an earlier runner left, or the control plane asks for. */
  readonly resumeWebhooks: (instanceId: string) => Promise<void>;
  /** The control plane asks for deliveries to an endpoint. */
  readonly lookAtWebhook: (ref: EndpointRef) => Promise<void>;
  /** How many sessions of the shard wait for their turn to log in. */
  readonly countWaiting: (shard: number) => number;
  /** Starts no more posts for an instance that is another runner's soon. Resolves when none is under way. */
  readonly leaveWebhooks: (instanceId: string) => Promise<void>;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/**
 * Looks after the instances of one shard for as long as its lease is held: at the start all of them, then whoever a
 * doorbell names. What it knows of them is good for that time only.
 */
export class ShardKeeper implements ShardWork {
  readonly #shard: number;
  readonly #deps: ShardKeeperDeps;
  readonly #keepers = new Map<string, InstanceKeeper>();

  constructor(shard: number, deps: ShardKeeperDeps) {
    this.#shard = shard;
    this.#deps = deps;
  }

  /** Resolves, with every session closed, when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#answerDoorbells(signal), this.#sweepNowAndThen(signal)]);
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop()));
    await this.#leaveWebhooks();
  }

  get sessionCount(): number {
    return [...this.#keepers.values()].filter(({ hasSession }) => hasSession).length;
  }

  get waitingCount(): number {
    return this.#deps.countWaiting(this.#shard);
  }

  statuses(): InstanceStatus[] {
    return [...this.#keepers.values()].flatMap(({ status }) => status ?? []);
  }

  async #leaveWebhooks(): Promise<void> {
    const { leaveWebhooks, sleep } = this.#deps;
    const left = Promise.all([...this.#keepers.keys()].map((id) => leaveWebhooks(id)));
    const tooLong = new AbortController();
    await Promise.race([left, sleep(POSTS_GRACE_MS, tooLong.signal).catch(() => undefined)]);
    tooLong.abort();
  }

  async #answerDoorbells(signal: AbortSignal): Promise<void> {
    const { queue, log, sleep } = this.#deps;
    while (!signal.aborted) {
      try {
        const options = { max: DOORBELLS_PER_RECEIVE, waitMs: RECEIVE_WAIT_MS, signal };
        for (const message of await queue.receive(options)) await this.#answer(message);
      } catch (err) {
        if (signal.aborted) return;
        log.error({ err, shard: this.#shard }, 'Doorbells could not be received.');
        await sleep(FAULT_DELAY_MS, signal).catch(() => undefined);
      }
    }
  }

  /** Acknowledged at once: what it tells of is in the table, and the sweep finds it there. */
  async #answer(message: Received): Promise<void> {
    const doorbell = parseDoorbell(message.body);
    await message.ack();
    if (doorbell === undefined) {
      this.#deps.log.error({ shard: this.#shard }, 'A doorbell could not be read.');
      return;
    }
    switch (doorbell.kind) {
      case 'outbox':
        return this.#ring(doorbell);
      case 'instance':
        void this.#look(doorbell);
        return void this.#tell(doorbell);
      case 'webhook':
        return void this.#lookAtWebhook(doorbell);
      case 'command':
        return void this.#keeperOf(doorbell).answerCommand(doorbell.commandId);
    }
  }

  async #tell(ref: InstanceRef): Promise<void> {
    const { tellUntold, log } = this.#deps;
    await tellUntold(ref).catch((err: unknown) => {
      log.error({ err, instanceId: ref.instanceId }, 'Something is still untold.');
    });
  }

  /** What it disables or deletes is untold. */
  async #lookAtWebhook(ref: InstanceRef & EndpointRef): Promise<void> {
    const { lookAtWebhook, log } = this.#deps;
    // A stranger is looked at: it may be gone.
    if (!this.#keepers.has(ref.instanceId)) void this.#look(ref);
    await this.#tell(ref);
    await lookAtWebhook(ref).catch((err: unknown) => {
      log.error({ err, instanceId: ref.instanceId }, 'A webhook could not be looked at.');
    });
  }

  /** A stranger is looked at: once it has a session, that finds its outbox by itself. */
  #ring(ref: InstanceRef): void {
    const keeper = this.#keepers.get(ref.instanceId);
    if (keeper) keeper.ring();
    else void this.#look(ref);
  }

  /** An instance that is deleted is forgotten. */
  async #look(ref: InstanceRef): Promise<void> {
    const keeper = this.#keeperOf(ref);
    await keeper.look();
    const isKnown = this.#keepers.get(ref.instanceId) === keeper;
    if (keeper.isGone && isKnown) this.#keepers.delete(ref.instanceId);
  }

  async #sweepNowAndThen(signal: AbortSignal): Promise<void> {
    const { log, sleep } = this.#deps;
    let isFirst = true;
    while (!signal.aborted) {
      try {
        await this.#sweep({ isFirst, signal });
        isFirst = false;
      } catch (err) {
        log.error({ err, shard: this.#shard }, 'The shard could not be swept.');
      }
      await sleep(SWEEP_EVERY_MS, signal).catch(() => undefined);
    }
  }

  async #sweep({ isFirst, signal }: { isFirst: boolean; signal: AbortSignal }): Promise<void> {
    const { instances, outbox, expire, now } = this.#deps;
    for await (const instance of instances.listByShard(this.#shard)) {
      if (signal.aborted) return;
      // The older events first: the session will record new ones.
      const resumed = this.#resumeWebhooks(instance);
      if (isFirst) await resumed;
      else resumed.catch((err: unknown) => this.#noteStuck(err, instance));
      void this.#look(instance);
    }
    const { waiting, outdated } = await outbox.lookThrough(this.#shard, now());
    for (const entry of outdated) await expire(entry);
    for (const ref of waiting) this.#ring(ref);
  }

  async #resumeWebhooks(ref: InstanceRef): Promise<void> {
    const { tellUntold, resumeWebhooks } = this.#deps;
    this.#keeperOf(ref);
    await tellUntold(ref);
    await resumeWebhooks(ref.instanceId);
  }

  #noteStuck(err: unknown, { instanceId }: InstanceRef): void {
    this.#deps.log.error({ err, instanceId }, 'Webhooks could not be looked at.');
  }

  #keeperOf({ accountId, instanceId }: InstanceRef): InstanceKeeper {
    const existing = this.#keepers.get(instanceId);
    if (existing) return existing;
    const keeper = this.#deps.makeKeeper({ accountId, instanceId });
    this.#keepers.set(instanceId, keeper);
    return keeper;
  }
}

function parseDoorbell(body: string): Doorbell | undefined {
  try {
    return Doorbell.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
