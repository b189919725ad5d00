import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import type { ApiRequest } from '../http/read-request.ts';

/** The endpoint that the path names. Throws `not_found`. */
export async function findEndpoint(
  instance: Instance,
  request: ApiRequest,
  { endpoints }: Pick<Deps, 'endpoints'>,
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.get(instance, endpointInPath(request));
  if (!endpoint) throw noSuchWebhook();
  return endpoint;
}

/** One to which something may be sent. Throws `not_found` and `webhook_disabled`. */
export async function requireEnabled(
  instance: Instance,
  endpointId: string,
  { endpoints }: Pick<Deps, 'endpoints'>,
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.get(instance, endpointId);
  if (!endpoint) throw noSuchWebhook();
  if (endpoint.state !== 'DISABLED') return endpoint;
  const why = endpoint.disabledReason ?? 'no reason is known';
  throw new DomainError(
    'webhook_disabled',
    `The webhook is disabled (${why}) and gets nothing: set it anew first.`,
  );
}

/** The id of a webhook that the path names. Throws `not_found` for what cannot be one. */
export function endpointInPath({ params }: ApiRequest): string {
  const id = params['webhookId'] ?? '';
  if (!ENDPOINT_ID.test(id)) throw noSuchWebhook();
  return id;
}

/** The answer to an id that names none of the instance's webhooks. */
export function noSuchWebhook(): DomainError {
  return new DomainError('not_found', 'There is no such webhook.');
}

const ENDPOINT_ID = /^(main|[0-9a-f]{24})$/;
