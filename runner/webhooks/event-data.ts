import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';

/** A value as the JSON that a webhook carries. */
export function toEventData(value: object): WebhookEvent['data'] {
  return JSON.parse(JSON.stringify(value));
}
