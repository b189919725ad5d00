import { createHash } from 'node:crypto';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { WebhookEventName } from '#shared/domain/event-name.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { wantsEvent } from '#shared/domain/webhook.ts';
import type { WebhookRepository } from '#shared/repositories/webhook-repository.ts';

export type Happening = {
  readonly event: WebhookEventName;
  readonly at: Date;
  /** What makes it one and the same event when it is told twice. */
  readonly key: string;
  readonly data: WebhookEvent['data'];
  /** Of no use later, or a secret: written down only for an endpoint that asks for it. */
  readonly isFleeting?: boolean;
};

type Source = Pick<Instance, 'accountId' | 'instanceId' | 'sessionId'>;

export type EventRecorderDeps = {
  readonly webhooks: WebhookRepository;
  /** Called with each event that was recorded, in order. */
  readonly onRecorded: (event: WebhookEvent) => void;
  /** Nobody can tell whether an event of the instance was recorded: what is to be delivered may be more than was told. */
  readonly onDoubt?: (instanceId: string) => void;
};

/**
 * Writes down what happened to instances, once each and numbered, before anybody is told. One runner alone
 * records for an instance, so the last number is kept in memory; events of an instance take turns.
 */
export class EventRecorder {
  readonly #deps: EventRecorderDeps;
  readonly #lastSeqs = new Map<string, number>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(deps: EventRecorderDeps) {
    this.#deps = deps;
  }

  /** Returns when the event is durable, or known already, or wanted by nobody. */
  async record(source: Source, happening: Happening): Promise<void> {
    const before = this.#turns.get(source.instanceId) ?? Promise.resolve();
    const turn = before.then(() => this.#recordNow(source, happening));
    const settled = turn.catch(() => undefined);
    this.#turns.set(source.instanceId, settled);
    await turn;
    if (this.#turns.get(source.instanceId) === settled) this.#turns.delete(source.instanceId);
  }

  /** The instance is gone, or another runner's. */
  forget(instanceId: string): void {
    this.#lastSeqs.delete(instanceId);
  }

  async #recordNow(source: Source, { event, at, key, data }: Happening): Promise<void> {
    const { webhooks, onRecorded } = this.#deps;
    const { instanceId, sessionId } = source;
    if (!wantsEvent(await webhooks.getEndpoint(source), event)) return;
    const last = this.#lastSeqs.get(instanceId) ?? (await webhooks.lastSeq(instanceId));
    const record: WebhookEvent = {
      id: toEventId(instanceId, event, key),
      event,
      ts: at.getTime(),
      session_id: sessionId,
      instance_id: instanceId,
      seq: last + 1,
      data,
    };
    this.#lastSeqs.delete(instanceId);
    const isNew = await this.#append(record);
    this.#lastSeqs.set(instanceId, isNew ? record.seq : last);
    if (isNew) onRecorded(record);
  }

  /** A fault may hide a success: then the record is in the table, and whoever delivers has to look there. */
  async #append(record: WebhookEvent): Promise<boolean> {
    const { webhooks, onDoubt } = this.#deps;
    try {
      return await webhooks.append(record);
    } catch (cause) {
      onDoubt?.(record.instance_id);
      throw cause;
    }
  }
}

/** The same for the same event, at whatever time it is told. */
function toEventId(instanceId: string, event: string, key: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([instanceId, event, key]))
    .digest('hex');
  return `evt_${digest.slice(0, 32)}`;
}
