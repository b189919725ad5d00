import {
  type Delivery,
  type DeliveryAttempt,
  RECENT_ATTEMPTS_MAX,
} from '#shared/domain/delivery.ts';
import type { DeliveryDecision } from './decide-delivery.ts';
import type { AttemptOutcome } from './post-webhook.ts';

export function toAttempt(outcome: AttemptOutcome, at: Date, now: Date): DeliveryAttempt {
  return {
    at: at.toISOString(),
    // A clock that is set meanwhile may go back.
    ms: Math.max(0, now.getTime() - at.getTime()),
    ...(outcome.kind === 'answered'
      ? { statusCode: outcome.statusCode }
      : { error: outcome.reason }),
  };
}

/** The delivery after an attempt. */
export function afterAttempt(
  { nextAttemptAt: _due, ...before }: Delivery,
  { attempt, decision }: { attempt: DeliveryAttempt; decision: DeliveryDecision },
  now: Date,
): Delivery {
  const after = {
    ...before,
    attempts: before.attempts + 1,
    recent: [...before.recent, attempt].slice(-RECENT_ATTEMPTS_MAX),
  };
  switch (decision.kind) {
    case 'delivered':
      return { ...after, state: 'DELIVERED', settledAt: now.toISOString() };
    case 'retry': {
      const nextAttemptAt = new Date(now.getTime() + decision.delayMs).toISOString();
      return { ...after, nextAttemptAt };
    }
    case 'give_up':
      return toDead(after, decision.error, now);
  }
}

/** A delivery that comes to nothing. */
export function toDead(
  { nextAttemptAt: _due, ...before }: Delivery,
  error: string,
  now: Date,
): Delivery {
  return { ...before, state: 'DEAD', error, settledAt: now.toISOString() };
}
