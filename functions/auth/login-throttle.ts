import { DomainError } from '#shared/domain/error.ts';
import { decideThrottle, type ThrottleLimit } from '#shared/domain/throttle.ts';
import type { Deps } from '../deps.ts';

const WINDOW_S = 15 * 60;
/** Of one account's address. */
const PER_EMAIL: ThrottleLimit = { attemptsMax: 5, windowS: WINDOW_S };
/** Of one caller, over all addresses it tries. */
const PER_SOURCE: ThrottleLimit = { attemptsMax: 50, windowS: WINDOW_S };

/** Who tries to log in, and as whom. */
export type LoginAttempt = {
  readonly email: string;
  readonly sourceIp: string;
  readonly at: Date;
};

type Needs = Pick<Deps, 'throttle'>;

/**
 * Counts the attempt before the password is looked at, so that many at once are no way around the limit.
 * Throws `too_many_requests`.
 */
export async function countAttempt(attempt: LoginAttempt, { throttle }: Needs): Promise<void> {
  for (const { subject, limit } of countersOf(attempt)) {
    const decision = decideThrottle(
      await throttle.count(subject, limit, attempt.at),
      limit,
      attempt.at,
    );
    if (decision.kind === 'allow') continue;
    const { retryAfterS } = decision;
    throw new DomainError('too_many_requests', 'Too many failed logins. Try again later.', {
      retryAfterS,
    });
  }
}

/** A login that succeeds counts for neither limit, and forgets the failures of its address. */
export async function forgetAttempts(attempt: LoginAttempt, { throttle }: Needs): Promise<void> {
  const { source, email } = subjectsOf(attempt);
  await throttle.clear(email, PER_EMAIL, attempt.at);
  await throttle.uncount(source, PER_SOURCE, attempt.at);
}

function countersOf(attempt: LoginAttempt): { subject: string; limit: ThrottleLimit }[] {
  const { source, email } = subjectsOf(attempt);
  return [
    { subject: source, limit: PER_SOURCE },
    { subject: email, limit: PER_EMAIL },
  ];
}

function subjectsOf({ email, sourceIp }: LoginAttempt): { source: string; email: string } {
  return { source: `LOGIN_SOURCE#${sourceIp}`, email: `LOGIN_EMAIL#${email}` };
}
