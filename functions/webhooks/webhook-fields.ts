import * as z from 'zod';
import { ChatId } from '#shared/domain/recipient.ts';
import { RequestConfig } from '#shared/domain/request-config.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import type { WebhookFilters } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import { numberAsText } from '../http/number-as-text.ts';
import { validationFailed } from '../http/validate.ts';
import { requireWebhookUrl } from './require-webhook-url.ts';

const CHATS_MAX = 100;

/** A field that is not known here is refused: a misspelt filter would let everything through. Nothing set is `undefined`. */
const Filters = z
  .strictObject({
    chats: z.array(numberAsText(ChatId)).min(1).max(CHATS_MAX).nullish(),
    groups: z.boolean().nullish(),
    from_me: z.boolean().nullish(),
  })
  .nullish()
  .transform((filters): WebhookFilters | undefined => {
    const { chats, groups, from_me: fromMe } = filters ?? {};
    const set: WebhookFilters = {
      ...(chats && { chats: [...new Set(chats)] }),
      ...(typeof groups === 'boolean' && { groups }),
      ...(typeof fromMe === 'boolean' && { fromMe }),
    };
    return Object.keys(set).length > 0 ? set : undefined;
  });

/** What a call may say about a webhook. */
export const WEBHOOK_FIELDS = {
  webhook_url: z.string().optional(),
  url: z.string().optional(),
  events: RequestedEvents.optional(),
  filters: Filters,
  requestConfig: RequestConfig,
} as const;

type Urls = { readonly webhook_url?: string | undefined; readonly url?: string | undefined };

/** The URL that a call names by either field, in its canonical form; `undefined` without one. Throws `validation_failed`. */
export function readUrl(
  { webhook_url: webhookUrl, url }: Urls,
  deps: Pick<Deps, 'config'>,
): string | undefined {
  if (webhookUrl !== undefined && url !== undefined && url !== webhookUrl) {
    const message = 'says another URL than webhook_url';
    throw validationFailed([{ path: 'url', message }]);
  }
  const text = webhookUrl ?? url;
  if (text === undefined) return undefined;
  return requireWebhookUrl(text, { path: webhookUrl === undefined ? 'url' : 'webhook_url' }, deps);
}
