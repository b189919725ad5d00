import { WebhookEndpoint } from '../domain/webhook.ts';
import type { Condition, Table, WriteOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import type { InstanceRef } from './instance-repository.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';
import { toUntoldOp } from './untold-repository.ts';

/** `setWebhook` keeps one endpoint for each instance. */
export const MAIN_ENDPOINT = 'main';

type Instance = Pick<InstanceRef, 'instanceId'>;

const StoredEndpoint = withoutTableKeys.pipe(WebhookEndpoint);

const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

/** Where the events of instances are posted to. */
export class EndpointRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async get({ instanceId }: Instance, endpointId: string): Promise<WebhookEndpoint | undefined> {
    const item = await this.#table.get(keys.webhook(instanceId, endpointId));
    return item && StoredEndpoint.parse(item);
  }

  /** All of an instance, the oldest first but for `main`, which is the last. Reads strongly. */
  async list({ instanceId }: Instance): Promise<WebhookEndpoint[]> {
    const { pk: partition, sk: prefix } = keys.webhook(instanceId, '');
    const sort = { kind: 'prefix', prefix } as const;
    const found: WebhookEndpoint[] = [];
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      found.push(StoredEndpoint.parse(item));
    }
    return found;
  }

  /** Puts an endpoint where `previous` was, or where there was none. `false` when it was set or deleted meanwhile. */
  async replace(
    endpoint: WebhookEndpoint,
    previous: WebhookEndpoint | undefined,
  ): Promise<boolean> {
    const { instanceId, endpointId } = endpoint;
    return await writeUnlessRefused(this.#table, {
      kind: 'put',
      item: { ...toAttributes(endpoint), ...keys.webhook(instanceId, endpointId) },
      condition: previous ? unchangedSince(previous) : NOT_THERE,
    });
  }

  /** What waits for it is still to come to nothing, which is noted. `false` when there is none. */
  async delete({ instanceId }: Instance, endpointId: string): Promise<boolean> {
    return await writeUnlessRefused(
      this.#table,
      {
        kind: 'delete',
        key: keys.webhook(instanceId, endpointId),
        condition: { kind: 'present', field: 'pk' },
      },
      toUntoldOp(instanceId, { kind: 'webhook_deleted', endpointId }),
    );
  }

  /** Notes that posts fail, since then; unless the endpoint was set anew meanwhile. */
  async noteFailing(endpoint: WebhookEndpoint, since: Date): Promise<void> {
    await this.#note(endpoint, { state: 'FAILING', failingSince: since.toISOString() });
  }

  /** Notes that posts come through again; unless the endpoint was set anew meanwhile. */
  async noteAnswering(endpoint: WebhookEndpoint): Promise<void> {
    await this.#note(endpoint, { state: 'ACTIVE' }, ['failingSince']);
  }

  /** Stops deliveries, which is still to be told. `false` when the endpoint was set anew meanwhile. */
  async disable(
    endpoint: WebhookEndpoint,
    { reason, at }: { reason: string; at: Date },
  ): Promise<boolean> {
    const { instanceId, endpointId, url } = endpoint;
    const updatedAt = at.toISOString();
    return await writeUnlessRefused(
      this.#table,
      toNoteOp(endpoint, { state: 'DISABLED', disabledReason: reason, updatedAt }),
      toUntoldOp(instanceId, {
        kind: 'webhook_disabled',
        endpointId,
        url: new URL(url).origin,
        reason,
        at: updatedAt,
      }),
    );
  }

  async #note(...note: Parameters<typeof toNoteOp>): Promise<void> {
    await writeUnlessRefused(this.#table, toNoteOp(...note));
  }
}

function toNoteOp(
  endpoint: WebhookEndpoint,
  set: Record<string, string>,
  remove: readonly string[] = [],
): WriteOp {
  const { instanceId, endpointId } = endpoint;
  return {
    kind: 'update',
    key: keys.webhook(instanceId, endpointId),
    set,
    ...(remove.length > 0 && { remove }),
    condition: unchangedSince(endpoint),
  };
}

function unchangedSince({ updatedAt }: WebhookEndpoint): Condition {
  return { kind: 'equals', field: 'updatedAt', value: updatedAt };
}
