import * as z from 'zod';
import type { EventScope, WebhookEventName } from './webhook.ts';

/** What the data of events that have a chat says of it. */
const OfChat = z.object({
  chatId: z.string().optional().catch(undefined),
  fromMe: z.boolean().optional().catch(undefined),
});

/** What filters look at, of an event. */
export function scopeOf(event: WebhookEventName, data: unknown): EventScope {
  const { chatId, fromMe } = OfChat.safeParse(data).data ?? {};
  return { event, chatId, fromMe };
}
