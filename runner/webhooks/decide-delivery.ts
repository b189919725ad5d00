import type { AttemptOutcome } from './post-webhook.ts';

export type DeliveryDecision =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** It comes to nothing. */
  | { readonly kind: 'give_up'; readonly error: string };

const S = 1_000;
const M = 60 * S;
const H = 60 * M;
/** After each failed attempt: somewhat more than twenty hours in all. */
const RETRY_DELAYS_MS = [5 * S, M, 5 * M, 30 * M, 2 * H, 6 * H, 12 * H];
const JITTER = 0.2;

/** `attempts` counts this one. `jitter` is in [0, 1). A test has one attempt. */
export function decideDelivery(
  outcome: AttemptOutcome,
  { attempts, isTest, jitter }: { attempts: number; isTest: boolean; jitter: number },
): DeliveryDecision {
  if (isDelivered(outcome)) return { kind: 'delivered' };
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return { kind: 'give_up', error: refusal };
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (isTest) return { kind: 'give_up', error: 'The test has failed.' };
  if (delayMs === undefined) return { kind: 'give_up', error: 'Every attempt has failed.' };
  return { kind: 'retry', delayMs: Math.round(delayMs * (1 - JITTER + 2 * JITTER * jitter)) };
}

/** Any 2xx is the endpoint's word that it has the event. */
export function isDelivered(outcome: AttemptOutcome): boolean {
  return outcome.kind === 'answered' && outcome.statusCode >= 200 && outcome.statusCode < 300;
}

/** Why nothing more may be posted there, in words: the endpoint wants no more, or must not be dialled. */
export function refusalOf(outcome: AttemptOutcome): string | undefined {
  switch (outcome.kind) {
    case 'answered':
      return outcome.statusCode === 410 ? 'The endpoint answered 410 Gone.' : undefined;
    case 'refused':
      return outcome.reason;
    case 'failed':
      return undefined;
  }
}
