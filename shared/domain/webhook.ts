import * as z from 'zod';
import { WebhookEventName } from './event-name.ts';
import { ObjectId } from './identifier.ts';
import { WebhookRequest } from './webhook-request.ts';

/**
 * Whether an endpoint gets events.
 *
 *   ACTIVE ◀── it answers ──▶ FAILING ──▶ DISABLED ── set anew ──▶ ACTIVE
 *             or fails        it gets them still, for three days
 *
 * `disabledReason` says why it gets none.
 */
const WebhookState = z.enum(['ACTIVE', 'FAILING', 'DISABLED']);

/** Which of the events of chats are meant. One that has no chat passes every filter. */
export const WebhookFilters = z.strictObject({
  /** As events name them, `…@c.us`, `…@lid` or `…@g.us`. */
  chats: z.array(z.string()).exactOptional(),
  /** Those of groups alone, or all others. */
  groups: z.boolean().exactOptional(),
  /** Those of messages of our own alone, or all others. */
  fromMe: z.boolean().exactOptional(),
});
export type WebhookFilters = z.infer<typeof WebhookFilters>;

/** A secret that was replaced signs beside the new one until then. */
const PreviousSecret = z.strictObject({ secret: z.string(), validUntil: z.iso.datetime() });

/** Where an instance's events are posted to. */
export const WebhookEndpoint = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  /** `main` is that of `setWebhook`. */
  endpointId: z.string(),
  url: z.string(),
  events: z.array(WebhookEventName),
  /** Absent where nothing is filtered. */
  filters: WebhookFilters.exactOptional(),
  state: WebhookState,
  disabledReason: z.string().optional(),
  /** Since when no post has come through. */
  failingSince: z.iso.datetime().exactOptional(),
  /** Absent where nothing is set. */
  request: WebhookRequest.exactOptional(),
  /** `whsec_` and 32 random bytes in base64 (Standard Webhooks). */
  secret: z.string(),
  previousSecret: PreviousSecret.exactOptional(),
  createdAt: z.iso.datetime(),
  /** Of the customer's last change. */
  updatedAt: z.iso.datetime(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

/** What filters look at. */
export type EventScope = {
  readonly event: WebhookEventName;
  readonly chatId?: string | undefined;
  readonly fromMe?: boolean | undefined;
};

/** Whether the endpoint wants this event now. */
export function wantsEvent(
  { state, events, filters }: WebhookEndpoint,
  { event, chatId, fromMe }: EventScope,
): boolean {
  if (state === 'DISABLED' || !events.includes(event)) return false;
  if (filters === undefined || chatId === undefined) return true;
  const isGroup = chatId.endsWith('@g.us');
  return (
    (filters.chats === undefined || filters.chats.includes(chatId)) &&
    (filters.groups === undefined || filters.groups === isGroup) &&
    (filters.fromMe === undefined || fromMe === undefined || filters.fromMe === fromMe)
  );
}

/** The secrets that sign now, the newest first. */
export function liveSecrets(
  { secret, previousSecret }: Pick<WebhookEndpoint, 'secret' | 'previousSecret'>,
  now: Date,
): readonly string[] {
  const isLive = previousSecret !== undefined && new Date(previousSecret.validUntil) > now;
  return isLive ? [secret, previousSecret.secret] : [secret];
}
