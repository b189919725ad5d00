import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { Deps } from '../deps.ts';

/** A delivery that no attempt was made of. */
export function newDelivery(
  event: Pick<WebhookEvent, 'instance_id' | 'id' | 'seq' | 'event'>,
  { endpointId, replayOf }: { endpointId: string; replayOf?: string },
  { now, newUlid }: Pick<Deps, 'newUlid' | 'now'>,
): Delivery {
  return {
    instanceId: event.instance_id,
    deliveryId: newUlid(),
    endpointId,
    eventId: event.id,
    seq: event.seq,
    event: event.event,
    state: 'PENDING',
    attempts: 0,
    recent: [],
    ...(replayOf !== undefined && { replayOf }),
    createdAt: now().toISOString(),
  };
}
