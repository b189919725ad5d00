import type { Logger } from 'pino';
import { Doorbell } from '#shared/contracts/doorbell.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { Queue, Received } from '#shared/storage/queue.ts';
import type { InstanceKeeper } from '../session/instance-keeper.ts';

const DOORBELLS_PER_RECEIVE = 10;
const RECEIVE_WAIT_MS = 20_000;
/** Finds what a lost doorbell should have told. */
const SWEEP_EVERY_MS = 30_000;
/** After a fault of the queue or the table. */
const FAULT_DELAY_MS = 1_000;

export type ShardKeeperDeps = {
  readonly queue: Queue;
  readonly instances: InstanceRepository;
  readonly messages: MessageRepository;
  readonly makeKeeper: (ref: InstanceRef) => InstanceKeeper;
  /** Takes up the webhooks that an earlier runner left. */
  readonly resumeWebhooks: (instanceId: string) => Promise<void>;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/** Looks after the instances of one shard: at the start all of them, then whoever a doorbell names. */
export class ShardKeeper {
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
    const keeper = this.#keeperOf(doorbell);
    if (doorbell.kind === 'outbox') keeper.ring();
    else void keeper.look();
  }

  async #sweepNowAndThen(signal: AbortSignal): Promise<void> {
    const { log, sleep } = this.#deps;
    let isFirst = true;
    while (!signal.aborted) {
      try {
        await this.#sweep({ isFirst });
        isFirst = false;
      } catch (err) {
        log.error({ err, shard: this.#shard }, 'The shard could not be swept.');
      }
      await sleep(SWEEP_EVERY_MS, signal).catch(() => undefined);
    }
  }

  async #sweep({ isFirst }: { isFirst: boolean }): Promise<void> {
    const { instances, messages, resumeWebhooks } = this.#deps;
    for await (const instance of instances.listByShard(this.#shard)) {
      // The older events first: the session will record new ones.
      if (isFirst) await resumeWebhooks(instance.instanceId);
      void this.#keeperOf(instance).look();
    }
    for (const ref of await messages.waitingInstances(this.#shard)) this.#keeperOf(ref).ring();
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
