import { DomainError } from '#shared/domain/error.ts';
import { secondsLeft } from '#shared/domain/throttle.ts';
import type { Deps } from '../deps.ts';

const WINDOW_S = 60;

type Needs = Pick<Deps, 'config' | 'now' | 'throttle'>;

/**
 * Takes so many messages from what the account may have accepted in this minute: all of them, or none.
 * Throws `too_many_requests`.
 */
export async function requireQuota(
  accountId: string,
  count: number,
  { config: { messagesPerMinute }, now, throttle }: Needs,
): Promise<void> {
  if (messagesPerMinute === 0) return;
  if (count > messagesPerMinute) {
    throw new DomainError(
      'too_many_requests',
      `At most ${messagesPerMinute} messages are accepted in a minute: send fewer at once.`,
    );
  }
  const at = now();
  const limit = { attemptsMax: messagesPerMinute, windowS: WINDOW_S };
  if (await throttle.take(count, { subject: `MESSAGES#${accountId}`, limit, now: at })) return;
  throw new DomainError(
    'too_many_requests',
    `At most ${messagesPerMinute} messages are accepted in a minute. Try again later.`,
    { retryAfterS: secondsLeft(limit, at) },
  );
}
