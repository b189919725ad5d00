import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { toShownRequestConfig } from '#shared/domain/webhook-request.ts';
import { ok, type Reply } from '../http/reply.ts';

/** The webhook, with its secret for its owner alone. What it shows to the endpoint to be let in is not shown. */
export function webhookReply(endpoint: WebhookEndpoint, { isOwner }: { isOwner: boolean }): Reply {
  const { url, events, request, state, disabledReason, secret } = endpoint;
  return ok('Webhook fetched successfully', {
    url,
    events,
    requestConfig: toShownRequestConfig(request),
    state,
    disabled_reason: disabledReason ?? null,
    ...(isOwner && { secret }),
  });
}
