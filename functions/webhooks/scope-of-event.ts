import * as z from 'zod';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { EventScope } from '#shared/domain/webhook.ts';

/** What the data of events that have a chat says of it. */
const Chatted = z.object({
  chatId: z.string().optional().catch(undefined),
  fromMe: z.boolean().optional().catch(undefined),
});

/** What filters look at, of an event that was recorded. */
export function scopeOfEvent({ event, data }: Pick<WebhookEvent, 'event' | 'data'>): EventScope {
  const { chatId, fromMe } = Chatted.safeParse(data).data ?? {};
  return { event, chatId, fromMe };
}
