import type { AttemptOutcome } from './post-webhook.ts';

export type DeliveryDecision =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** The attempts are used up. */
  | { readonly kind: 'give_up' }
  /** The endpoint wants no more, or must not be dialled. */
  | { readonly kind: 'disable'; readonly reason: string };

/** After each failed attempt, in milliseconds. */
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 60_000, 300_000];
const JITTER = 0.2;

/** `attempts` counts this one. `jitter` is in [0, 1). */
export function decideDelivery(
  outcome: AttemptOutcome,
  attempts: number,
  jitter: number,
): DeliveryDecision {
  switch (outcome.kind) {
    case 'answered':
      if (isDelivered(outcome)) return { kind: 'delivered' };
      if (outcome.statusCode === 410) {
        return { kind: 'disable', reason: 'The endpoint answered 410 Gone.' };
      }
      return retryOrGiveUp(attempts, jitter);
    case 'refused':
      return { kind: 'disable', reason: outcome.reason };
    case 'failed':
      return retryOrGiveUp(attempts, jitter);
  }
}

/** Any 2xx is the endpoint's word that it has the event. */
export function isDelivered(outcome: AttemptOutcome): boolean {
  return outcome.kind === 'answered' && outcome.statusCode >= 200 && outcome.statusCode < 300;
}

function retryOrGiveUp(attempts: number, jitter: number): DeliveryDecision {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (delayMs === undefined) return { kind: 'give_up' };
  return { kind: 'retry', delayMs: Math.round(delayMs * (1 - JITTER + 2 * JITTER * jitter)) };
}
