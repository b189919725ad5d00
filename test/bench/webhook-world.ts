import { WebhookWork } from '#runner/webhooks/webhook-work.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { createLogger } from '#shared/log/create-logger.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { Table } from '#shared/storage/table.ts';
import { realAmbient } from '../../runner/deps.ts';
import { anEndpoint, anInstance } from '../runner/records.ts';

/** The webhooks of a runner, and its instances, each with one endpoint. */
export class WebhookWorld {
  readonly #work: WebhookWork;
  readonly #stop = new AbortController();
  readonly #endpoints: EndpointRepository;
  readonly #instances: InstanceRepository;
  #told = 0;

  constructor(table: Table) {
    this.#endpoints = new EndpointRepository(table);
    this.#instances = new InstanceRepository(table);
    const options = {
      ...realAmbient,
      table,
      instances: this.#instances,
      messages: new MessageRepository(table),
      toOwnMessage: () => undefined,
      guard: { allowPrivate: true },
      metrics: silentMetrics,
      log: createLogger({ name: 'bench', level: 'silent' }),
    };
    this.#work = new WebhookWork(options, this.#stop.signal);
  }

  /** The `n`th instance, whose events go there. */
  async add(n: number, url: string): Promise<Instance> {
    const plain = anInstance(n);
    const actions = { ...plain.settings.actions, send_webhook: true };
    const instance = { ...plain, settings: { ...plain.settings, actions } };
    await this.#instances.create(instance);
    await this.#endpoints.replace(anEndpoint(instance, { url }), undefined);
    this.#work.delivery.hold(instance.instanceId);
    return instance;
  }

  /** Something happens, in a chat of its own. Resolves when it is recorded. */
  async tell(instance: Instance, data: Record<string, number>): Promise<void> {
    this.#told += 1;
    const key = `event ${this.#told}`;
    const happening = { event: 'onMessage', at: new Date(), key } as const;
    const chatId = `${this.#told}@c.us`;
    await this.#work.recorder.record(instance, { ...happening, data: { ...data, chatId } });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#work.delivery.idle();
  }
}
