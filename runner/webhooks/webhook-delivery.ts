import type { EndpointRef } from '#shared/repositories/delivery-repository.ts';
import type { Recorded } from '#shared/repositories/event-repository.ts';
import { EndpointQueue, type QueueDeps } from './endpoint-queue.ts';
import { PostSlots } from './post-slots.ts';

/** Posts at the same time of one runner. */
const IN_FLIGHT_MAX = 512;

export type DeliveryDeps = Omit<QueueDeps, 'slots'>;

/** Delivers the recorded events of instances: a queue for each endpoint, so that none waits for another. */
export class WebhookDelivery {
  readonly #deps: QueueDeps;
  readonly #stop: AbortSignal;
  /** Of the instances that this runner holds, by instance and endpoint. */
  readonly #queues = new Map<string, Map<string, EndpointQueue>>();
  /** Of instances that were left with posts under way. */
  readonly #leaving = new Set<EndpointQueue>();

  constructor(deps: DeliveryDeps, stop: AbortSignal) {
    this.#deps = { ...deps, slots: new PostSlots(IN_FLIGHT_MAX) };
    this.#stop = stop;
    const stopAll = () => {
      for (const queue of this.#all()) queue.stop();
    };
    stop.addEventListener('abort', stopAll, { once: true });
  }

  /** The instance is this runner's from now on. For others it does nothing, whoever asks. */
  hold(instanceId: string): void {
    if (!this.#queues.has(instanceId)) this.#queues.set(instanceId, new Map());
  }

  /** Takes up what the table holds for an instance: at the start of its runner, and now and then. */
  async resume(instanceId: string): Promise<void> {
    const endpoints = await this.#deps.endpoints.list({ instanceId });
    await Promise.all(endpoints.map((endpoint) => this.look(endpoint)));
  }

  /** There may be more in the table for an endpoint. */
  async look(ref: EndpointRef): Promise<void> {
    await this.#queueOf(ref)?.look();
  }

  enqueue({ event, deliveries }: Recorded): void {
    for (const delivery of deliveries) this.#queueOf(delivery)?.add({ delivery, event });
  }

  /** What waits for an endpoint that is gone or disabled comes to nothing. */
  async bury(ref: EndpointRef): Promise<void> {
    await this.#queueOf(ref)?.bury();
  }

  /**
   * Forgets an instance that is gone, or another runner's: starts no more posts for it. Resolves when none is under
   * way. What was not settled is in the table.
   */
  async leave(instanceId: string): Promise<void> {
    const queues = [...(this.#queues.get(instanceId)?.values() ?? [])];
    this.#queues.delete(instanceId);
    await Promise.all(queues.map((queue) => this.#leaveQueue(queue)));
  }

  /** Resolves when no post is under way. Call it after the signal was aborted, or all instances were left. */
  async idle(): Promise<void> {
    await Promise.all([...this.#all(), ...this.#leaving].map((queue) => queue.idle()));
  }

  async #leaveQueue(queue: EndpointQueue): Promise<void> {
    queue.stop();
    this.#leaving.add(queue);
    await queue.idle();
    this.#leaving.delete(queue);
  }

  #queueOf({ instanceId, endpointId }: EndpointRef): EndpointQueue | undefined {
    const queues = this.#queues.get(instanceId);
    const existing = queues?.get(endpointId);
    if (queues === undefined || existing) return existing;
    const queue = new EndpointQueue({ instanceId, endpointId }, this.#deps);
    if (this.#stop.aborted) queue.stop();
    queues.set(endpointId, queue);
    return queue;
  }

  *#all(): Generator<EndpointQueue> {
    for (const queues of this.#queues.values()) yield* queues.values();
  }
}
