import type { Logger } from 'pino';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { wantsEvent } from '#shared/domain/webhook.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import { decideDelivery, isDelivered } from './decide-delivery.ts';
import type { Attempt, AttemptOutcome, PostWebhook } from './post-webhook.ts';

/** Posts at the same time to one endpoint. */
const IN_FLIGHT_MAX = 4;
/** Events of one instance kept in memory; the rest is read from the table when half of these are through. */
const QUEUED_MAX = 200;
const READ_ON_AT = QUEUED_MAX / 2;

export type DeliveryDeps = {
  readonly post: PostWebhook;
  readonly webhooks: WebhookRepository;
  readonly now: () => Date;
  readonly jitter: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
};

type Waiting = { readonly event: WebhookEvent; readonly attempts: number };

/**
 * Delivers the recorded events of instances. The events of one chat go out one after the other, those of
 * several side by side. A failed one steps out of the way and is tried again later, so `seq` may arrive out of
 * order then. What is not settled is in the table, and is taken up again after a restart.
 */
export class WebhookDelivery {
  readonly #deps: DeliveryDeps;
  readonly #stop: AbortSignal;
  readonly #instances = new Map<string, InstanceQueue>();
  /** Of instances that were left with posts under way. */
  readonly #leaving = new Set<InstanceQueue>();

  constructor(deps: DeliveryDeps, stop: AbortSignal) {
    this.#deps = deps;
    this.#stop = stop;
    const stopAll = () => {
      for (const queue of this.#instances.values()) queue.stop();
    };
    stop.addEventListener('abort', stopAll, { once: true });
  }

  /** Takes up what the table holds for an instance: at the start of its runner. */
  async resume(instanceId: string): Promise<void> {
    await this.#queueOf(instanceId).refill();
  }

  enqueue(event: WebhookEvent): void {
    this.#queueOf(event.instance_id).add(event);
  }

  /** There may be events in the table that nobody has told of: takes them up a little later. */
  lookAgain(instanceId: string): void {
    this.#queueOf(instanceId).refillLater();
  }

  /**
   * Forgets an instance that is gone, or another runner's: starts no more posts for it. Resolves when none is under
   * way. What was not settled is in the table.
   */
  async leave(instanceId: string): Promise<void> {
    const queue = this.#instances.get(instanceId);
    if (queue === undefined) return;
    this.#instances.delete(instanceId);
    queue.stop();
    this.#leaving.add(queue);
    await queue.idle();
    this.#leaving.delete(queue);
  }

  /** Resolves when no post is under way. Call it after the signal was aborted, or all instances were left. */
  async idle(): Promise<void> {
    const queues = [...this.#instances.values(), ...this.#leaving];
    await Promise.all(queues.map((queue) => queue.idle()));
  }

  #queueOf(instanceId: string): InstanceQueue {
    const existing = this.#instances.get(instanceId);
    if (existing) return existing;
    const queue = new InstanceQueue(instanceId, this.#deps);
    if (this.#stop.aborted) queue.stop();
    this.#instances.set(instanceId, queue);
    return queue;
  }
}

class InstanceQueue {
  readonly #instanceId: string;
  readonly #deps: DeliveryDeps;
  readonly #stopping = new AbortController();
  #waiting: Waiting[] = [];
  /** The numbers of those that are in memory: taken and not settled. */
  readonly #unsettled = new Set<number>();
  /** A page of the table may show these still. */
  readonly #settledWhileReading = new Set<number>();
  #waitsToRefill = false;
  readonly #busyLanes = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  /** There are more in the table than in memory. */
  #overflowed = false;
  #isReading = false;

  constructor(instanceId: string, deps: DeliveryDeps) {
    this.#instanceId = instanceId;
    this.#deps = deps;
  }

  get #stop(): AbortSignal {
    return this.#stopping.signal;
  }

  /** No post starts any more. */
  stop(): void {
    this.#stopping.abort();
  }

  add(event: WebhookEvent): void {
    // It must not pass the older ones of its chat that are still in the table alone.
    if (this.#isReading || this.#overflowed || this.#unsettled.size >= QUEUED_MAX) {
      this.#overflowed = true;
      return;
    }
    this.#take(event);
    this.#pump();
  }

  async refill(): Promise<void> {
    this.#isReading = true;
    this.#overflowed = false;
    try {
      for await (const event of this.#deps.webhooks.undelivered(this.#instanceId)) {
        if (this.#unsettled.size >= QUEUED_MAX) {
          this.#overflowed = true;
          break;
        }
        this.#take(event);
      }
    } catch (cause) {
      this.#overflowed = true;
      throw cause;
    } finally {
      this.#isReading = false;
      this.#settledWhileReading.clear();
      this.#pump();
    }
    this.#readOn();
  }

  /** What is held up on its way to the table is there when this looks. */
  refillLater(): void {
    if (this.#waitsToRefill) return;
    this.#waitsToRefill = true;
    this.#deps.sleep(DOUBT_DELAY_MS, this.#stop).then(
      () => {
        this.#waitsToRefill = false;
        this.#overflowed = true;
        this.#readOn();
      },
      () => undefined,
    );
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #take(event: WebhookEvent): void {
    if (this.#unsettled.has(event.seq) || this.#settledWhileReading.has(event.seq)) return;
    this.#unsettled.add(event.seq);
    this.#waiting.push({ event, attempts: 0 });
  }

  #pump(): void {
    while (!this.#stop.aborted && this.#busyLanes.size < IN_FLIGHT_MAX) {
      const index = this.#waiting.findIndex(({ event }) => !this.#busyLanes.has(laneOf(event)));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (next === undefined) return;
      this.#start(next);
    }
  }

  #start(next: Waiting): void {
    const lane = laneOf(next.event);
    this.#busyLanes.add(lane);
    const work = this.#deliver(next)
      .catch((err: unknown) => {
        this.#deps.log.error(
          { err, instanceId: this.#instanceId },
          'A webhook could not be handled.',
        );
        this.#later({ ...next, attempts: next.attempts + 1 }, STUMBLE_DELAY_MS);
      })
      .finally(() => {
        this.#busyLanes.delete(lane);
        this.#underWay.delete(work);
        this.#pump();
        this.#readOn();
      });
    this.#underWay.add(work);
  }

  async #deliver({ event, attempts }: Waiting): Promise<void> {
    const { webhooks, now, jitter, log } = this.#deps;
    const endpoint = await webhooks.getEndpoint({ instanceId: this.#instanceId });
    if (endpoint === undefined || !wantsEvent(endpoint, event.event)) {
      await this.#settle(event);
      return;
    }
    const { url, request, secret } = endpoint;
    const body = JSON.stringify(event);
    const attempt = { url, request, secret, eventId: event.id, body, at: now() };
    const outcome = await this.#post(attempt);
    const decision = decideDelivery(outcome, attempts + 1, jitter());
    const ids = { instanceId: this.#instanceId, eventId: event.id, attempts: attempts + 1 };
    if (decision.kind !== 'delivered') log.warn({ ...ids, outcome, decision }, 'A webhook failed.');
    switch (decision.kind) {
      case 'retry':
        this.#later({ event, attempts: attempts + 1 }, decision.delayMs);
        return;
      case 'disable':
        await webhooks.disableEndpoint(endpoint, { reason: decision.reason, at: now() });
        break;
      case 'delivered':
      case 'give_up':
        break;
    }
    await this.#settle(event);
  }

  async #post(attempt: Attempt): Promise<AttemptOutcome> {
    const { post, metrics, now } = this.#deps;
    const outcome = await post(attempt);
    metrics.add('WebhookAttempts', 1, isDelivered(outcome) ? 'DELIVERED' : 'FAILED');
    // What must not be dialled has no latency.
    if (outcome.kind !== 'refused') {
      metrics.add('WebhookLatency', now().getTime() - attempt.at.getTime());
    }
    return outcome;
  }

  async #settle(event: WebhookEvent): Promise<void> {
    await this.#deps.webhooks.settle(event);
    this.#unsettled.delete(event.seq);
    if (this.#isReading) this.#settledWhileReading.add(event.seq);
  }

  #later(next: Waiting, delayMs: number): void {
    this.#deps.sleep(delayMs, this.#stop).then(
      () => {
        this.#waiting.unshift(next);
        this.#pump();
      },
      () => undefined,
    );
  }

  #readOn(): void {
    if (!this.#overflowed || this.#isReading || this.#unsettled.size > READ_ON_AT) return;
    if (this.#stop.aborted) return;
    this.refill().catch((err: unknown) => {
      this.#deps.log.error({ err, instanceId: this.#instanceId }, 'Webhooks could not be read.');
      this.#deps.sleep(STUMBLE_DELAY_MS, this.#stop).then(
        () => this.#readOn(),
        () => undefined,
      );
    });
  }
}

/** After a fault of our own, not of the endpoint. */
const STUMBLE_DELAY_MS = 5_000;
/** After a write whose answer was lost. */
const DOUBT_DELAY_MS = 30_000;

/** Events of one chat keep their order; those of no chat have a lane of their own. */
function laneOf({ data }: WebhookEvent): string {
  const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
  const chatId = isRecord ? data['chatId'] : undefined;
  return typeof chatId === 'string' ? chatId : '';
}
