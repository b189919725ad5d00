import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Delivery, DeliveryAttempt } from '#shared/domain/delivery.ts';

/** A delivery with the last of its attempts. */
export function toDeliveryView(delivery: Delivery) {
  const { deliveryId, endpointId, eventId, event, seq, state, attempts, recent } = delivery;
  const last = recent.at(-1);
  return {
    id: deliveryId,
    webhook: endpointId,
    event_id: eventId,
    event,
    seq,
    state,
    attempts,
    last_attempt: last ? toAttemptView(last) : null,
    next_attempt_at: delivery.nextAttemptAt ?? null,
    error: delivery.error ?? null,
    replay_of: delivery.replayOf ?? null,
    created_at: delivery.createdAt,
    settled_at: delivery.settledAt ?? null,
  };
}

/** It with all attempts that are kept, and with its event as it is posted, while that is kept. */
export function toDeliveryDetails(delivery: Delivery, event: WebhookEvent | undefined) {
  return {
    ...toDeliveryView(delivery),
    recent_attempts: delivery.recent.map(toAttemptView),
    body: event ?? null,
  };
}

/** One post: what the endpoint answered, or why there is no answer. */
function toAttemptView({ at, ms, statusCode, error }: DeliveryAttempt) {
  return { at, ms, status_code: statusCode ?? null, error: error ?? null };
}
