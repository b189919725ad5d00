import * as z from 'zod';
import { WebhookEvent } from '../contracts/webhook-event.ts';
import { WebhookEndpoint } from '../domain/webhook.ts';
import { type Condition, ConditionFailed, type Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import type { InstanceRef } from './instance-repository.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** `setWebhook` keeps one endpoint for each instance. */
export const MAIN_ENDPOINT = 'main';

/** How long an event is kept after it happened: for telling repeats, and for looking back. */
const EVENT_KEPT_S = 7 * 24 * 3600;

const StoredEndpoint = withoutTableKeys.pipe(WebhookEndpoint);
const StoredCounter = z.object({ seq: z.int() });
const StoredDelivery = z.object({ eventId: z.string() });
const StoredEvent = z.object({ body: z.string() });

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

/** The webhook endpoints of instances, and the events that are still to be delivered. */
export class WebhookRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async getEndpoint({
    instanceId,
  }: Pick<InstanceRef, 'instanceId'>): Promise<WebhookEndpoint | undefined> {
    const item = await this.#table.get(keys.webhook(instanceId, MAIN_ENDPOINT));
    return item && StoredEndpoint.parse(item);
  }

  /** Puts an endpoint where `previous` was, or where there was none. `false` when another was set meanwhile. */
  async replaceEndpoint(
    endpoint: WebhookEndpoint,
    previous: WebhookEndpoint | undefined,
  ): Promise<boolean> {
    const { instanceId, endpointId } = endpoint;
    return await writeUnlessRefused(this.#table, {
      kind: 'put',
      item: { ...toAttributes(endpoint), ...keys.webhook(instanceId, endpointId) },
      condition: previous
        ? { kind: 'equals', field: 'updatedAt', value: previous.updatedAt }
        : NOT_THERE,
    });
  }

  /** Stops deliveries, unless the endpoint was set anew meanwhile. */
  async disableEndpoint(
    endpoint: WebhookEndpoint,
    why: { reason: string; at: Date },
  ): Promise<void> {
    const { instanceId, endpointId, updatedAt } = endpoint;
    try {
      await this.#table.write({
        kind: 'update',
        key: keys.webhook(instanceId, endpointId),
        set: { state: 'DISABLED', disabledReason: why.reason, updatedAt: why.at.toISOString() },
        condition: { kind: 'equals', field: 'updatedAt', value: updatedAt },
      });
    } catch (cause) {
      if (!(cause instanceof ConditionFailed)) throw cause;
    }
  }

  /** The number of the instance's newest event, 0 before the first. */
  async lastSeq(instanceId: string): Promise<number> {
    const item = await this.#table.get(keys.seq(instanceId));
    return item ? StoredCounter.parse(item).seq : 0;
  }

  /**
   * Records an event that is to be delivered, with the next number. `false` when an event with its id is
   * there already: WhatsApp told it twice. Throws when another writer took the number.
   */
  async append(event: WebhookEvent): Promise<boolean> {
    const { instance_id: instanceId, id, seq, ts } = event;
    const expiresAt = Math.ceil(ts / 1000) + EVENT_KEPT_S;
    try {
      await this.#table.write(
        {
          kind: 'put',
          item: { ...keys.event(instanceId, id), body: JSON.stringify(event), expiresAt },
          condition: NOT_THERE,
        },
        {
          kind: 'update',
          key: keys.seq(instanceId),
          set: { seq },
          condition: {
            kind: 'or',
            any: [
              { kind: 'lessThan', field: 'seq', value: seq },
              { kind: 'absent', field: 'seq' },
            ],
          },
        },
        { kind: 'put', item: { ...keys.delivery(instanceId, seq), eventId: id } },
      );
      return true;
    } catch (cause) {
      if (cause instanceof ConditionFailed && cause.opIndex === 0) return false;
      throw cause;
    }
  }

  /** What is still to be delivered, oldest first. */
  async *undelivered(instanceId: string): AsyncGenerator<WebhookEvent> {
    const partition = keys.delivery(instanceId, 0).pk;
    for await (const item of readAll(this.#table, { index: 'primary', partition })) {
      const { eventId } = StoredDelivery.parse(item);
      const event = await this.#table.get(keys.event(instanceId, eventId));
      if (event) yield WebhookEvent.parse(JSON.parse(StoredEvent.parse(event).body));
    }
  }

  /** The event was delivered, or given up. */
  async settle(event: Pick<WebhookEvent, 'instance_id' | 'seq'>): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keys.delivery(event.instance_id, event.seq) });
  }

  /** Deletes all that lies with an instance, what other repositories keep there as well. */
  async purge(instanceId: string): Promise<void> {
    for (const partition of [keys.seq(instanceId).pk, keys.delivery(instanceId, 0).pk]) {
      for await (const { pk, sk } of readAll(this.#table, { index: 'primary', partition })) {
        await this.#table.write({ kind: 'delete', key: { pk, sk } });
      }
    }
  }
}
