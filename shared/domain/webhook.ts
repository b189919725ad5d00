import * as z from 'zod';
import { WebhookEventName } from './event-name.ts';
import { ObjectId } from './identifier.ts';
import { WebhookRequest } from './webhook-request.ts';

/** ACTIVE gets events; DISABLED gets none until it is set anew, `disabledReason` says why. */
const WebhookState = z.enum(['ACTIVE', 'DISABLED']);

/** Where an instance's events are posted to. */
export const WebhookEndpoint = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  endpointId: z.string(),
  url: z.string(),
  events: z.array(WebhookEventName),
  state: WebhookState,
  disabledReason: z.string().optional(),
  /** Absent where nothing is set. */
  request: WebhookRequest.exactOptional(),
  /** `whsec_` and 32 random bytes in base64 (Standard Webhooks). */
  secret: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

/** Whether the endpoint wants this event now. */
export function wantsEvent(
  endpoint: WebhookEndpoint | undefined,
  event: WebhookEventName,
): boolean {
  return endpoint?.state === 'ACTIVE' && endpoint.events.includes(event);
}
