import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { isDelivered, refusalOf } from './decide-delivery.ts';
import type { AttemptOutcome } from './post-webhook.ts';

export type EndpointChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'failing' }
  | { readonly kind: 'answering' }
  | { readonly kind: 'disable'; readonly reason: string };

/** An endpoint that has only failed for so long gets nothing more. */
const FAILING_MS_MAX = 3 * 24 * 3_600_000;

/** What an attempt says of its endpoint, as it is in the table. Only a change is written. */
export function decideEndpoint(
  { state, failingSince }: Pick<WebhookEndpoint, 'state' | 'failingSince'>,
  outcome: AttemptOutcome,
  now: Date,
): EndpointChange {
  if (isDelivered(outcome)) return { kind: state === 'FAILING' ? 'answering' : 'none' };
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return { kind: 'disable', reason: refusal };
  if (state === 'ACTIVE') return { kind: 'failing' };
  const failingMs = failingSince ? now.getTime() - new Date(failingSince).getTime() : 0;
  if (failingMs < FAILING_MS_MAX) return { kind: 'none' };
  return { kind: 'disable', reason: 'Every post of three days has failed.' };
}

/** Why nothing is delivered to an endpoint; `undefined` when it may be. */
export function reasonAgainst(
  endpoint: Pick<WebhookEndpoint, 'state' | 'disabledReason'> | undefined,
  isTest: boolean,
): string | undefined {
  if (endpoint === undefined) return 'The endpoint was deleted.';
  if (endpoint.state !== 'DISABLED' || isTest) return undefined;
  return endpoint.disabledReason ?? 'The endpoint is disabled.';
}
