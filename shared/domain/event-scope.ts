import * as z from 'zod';
import type { WebhookEventName } from './event-name.ts';
import type { EventScope } from './webhook.ts';

/** What the data of events that have a chat says of it: messages by `chatId`, all else by `chat`. */
const OfChat = z.object({
  chatId: z.string().optional().catch(undefined),
  chat: z.object({ id: z.string() }).optional().catch(undefined),
  fromMe: z.boolean().optional().catch(undefined),
});

/** What filters look at, of an event. */
export function scopeOf(event: WebhookEventName, data: unknown): EventScope {
  const { chat, chatId = chat?.id, fromMe } = OfChat.safeParse(data).data ?? {};
  return { event, chatId, fromMe };
}
