import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import { UntoldRepository } from '#shared/repositories/untold-repository.ts';
import type { Table } from '#shared/storage/table.ts';
import type { Ambient } from '../deps.ts';
import { makeGuardedDispatcher, type UrlGuard } from '../http/guarded-dispatcher.ts';
import type { ToOwnMessage } from '../session/whatsapp.ts';
import { EventRecorder } from './event-recorder.ts';
import { type PostWebhook, postWebhook } from './post-webhook.ts';
import { purgeWebhooks } from './purge-webhooks.ts';
import { tellUntold } from './tell-untold.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

export type WebhookWorkOptions = Pick<Ambient, 'newId' | 'now' | 'jitter' | 'sleep'> & {
  readonly table: Table;
  readonly instances: InstanceRepository;
  readonly messages: MessageRepository;
  readonly guard: UrlGuard;
  /** How a webhook is posted; HTTP when nothing is said. */
  readonly post?: PostWebhook | undefined;
  readonly toOwnMessage: ToOwnMessage;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/** All that a runner does about the webhooks of its instances: it records, delivers, tells what is untold, and forgets. */
export class WebhookWork {
  readonly recorder: EventRecorder;
  readonly delivery: WebhookDelivery;
  readonly #options: WebhookWorkOptions;
  readonly #dispatcher: Dispatcher;
  readonly #repositories: {
    readonly endpoints: EndpointRepository;
    readonly deliveries: DeliveryRepository;
    readonly events: EventRepository;
    readonly untold: UntoldRepository;
  };

  /** No webhook is posted any more when `stop` aborts. */
  constructor(options: WebhookWorkOptions, stop: AbortSignal) {
    const { table, guard } = options;
    // How many connections an endpoint gets is how many posts: many customers may be at one host.
    const dispatcher = makeGuardedDispatcher(guard, { connections: null });
    const { post = (attempt) => postWebhook(attempt, { dispatcher, guard }) } = options;
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#repositories = {
      endpoints: new EndpointRepository(table),
      deliveries: new DeliveryRepository(table),
      events: new EventRepository(table),
      untold: new UntoldRepository(table),
    };
    const onDisabled = (ref: InstanceRef) => void this.#tellSoon(ref);
    this.delivery = new WebhookDelivery(
      { ...options, ...this.#repositories, post, onDisabled },
      stop,
    );
    this.recorder = new EventRecorder({
      ...options,
      ...this.#repositories,
      onRecorded: (recorded) => this.delivery.enqueue(recorded),
    });
  }

  /** Records what changed of an instance and was told by nobody. */
  async tell(ref: InstanceRef): Promise<void> {
    const { untold } = this.#repositories;
    const { delivery, recorder: events } = this;
    await tellUntold(ref, { ...this.#options, untold, delivery, events });
  }

  /** The instance is gone, or another runner's soon. Resolves when no post for it is under way. */
  async leave(instanceId: string): Promise<void> {
    this.recorder.forget(instanceId);
    await this.delivery.leave(instanceId);
  }

  /** Deletes all that an instance has here. */
  async purge(instanceId: string): Promise<void> {
    await purgeWebhooks(instanceId, this.#repositories);
  }

  /** Resolves when the last posts are through. */
  async close(): Promise<void> {
    await this.delivery.idle();
    await this.#dispatcher.close();
  }

  async #tellSoon(ref: InstanceRef): Promise<void> {
    await this.tell(ref).catch((err: unknown) => {
      const { instanceId } = ref;
      this.#options.log.error({ err, instanceId }, 'A disabled webhook is still untold.');
    });
  }
}
