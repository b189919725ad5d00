import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { type Delivery, newDelivery } from '#shared/domain/delivery.ts';
import type { Deps } from '../deps.ts';

/** The delivery of an event that was recorded before, or of a test. */
export function deliveryOf(
  event: Pick<WebhookEvent, 'instance_id' | 'id' | 'seq' | 'event'>,
  of: Pick<Delivery, 'endpointId' | 'replayOf'>,
  { now, newUlid }: Pick<Deps, 'newUlid' | 'now'>,
): Delivery {
  const { instance_id: instanceId, id: eventId, seq, event: name } = event;
  return newDelivery(
    { instanceId, deliveryId: newUlid(), eventId, seq, event: name, ...of },
    now(),
  );
}
