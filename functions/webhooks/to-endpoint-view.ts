import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { toShownRequestConfig } from '#shared/domain/webhook-request.ts';

/** A webhook without its secrets, and without what it is shown to let the posts in. */
export function toEndpointView(endpoint: WebhookEndpoint, now: Date) {
  const { endpointId, url, events, filters, request, state } = endpoint;
  const { disabledReason, failingSince, previousSecret, createdAt, updatedAt } = endpoint;
  const { fromMe, ...further } = filters ?? {};
  const oldSecretUntil = previousSecret?.validUntil;
  return {
    id: endpointId,
    url,
    events,
    filters: { ...further, ...(fromMe !== undefined && { from_me: fromMe }) },
    requestConfig: toShownRequestConfig(request),
    state,
    disabled_reason: disabledReason ?? null,
    failing_since: failingSince ?? null,
    old_secret_until:
      oldSecretUntil !== undefined && new Date(oldSecretUntil) > now ? oldSecretUntil : null,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
