import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { ok, type Reply } from '../http/reply.ts';

/** The webhook with its secret, for its owner. */
export function webhookReply(endpoint: WebhookEndpoint): Reply {
  const { url, events, state, disabledReason, secret } = endpoint;
  return ok('Webhook fetched successfully', {
    url,
    events,
    state,
    disabled_reason: disabledReason ?? null,
    secret,
  });
}
