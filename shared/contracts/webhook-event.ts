import * as z from 'zod';
import { WebhookEventName } from '../domain/event-name.ts';

/**
 * The body of a webhook. `seq` grows by one for each event of an instance, and is 0 for a test; `id` is the same at every
 * attempt.
 */
export const WebhookEvent = z.strictObject({
  id: z.string(),
  event: WebhookEventName,
  /** Milliseconds since 1970, when the event happened. */
  ts: z.int(),
  session_id: z.string(),
  instance_id: z.string(),
  seq: z.int().min(0),
  data: z.json(),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;
