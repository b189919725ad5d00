import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from './deps.ts';

/** At every try at least one of those who write at once is done, and the pauses keep the others apart. */
const TRIES_MAX = 10;
const PAUSE_FIRST_MS = 20;
const PAUSE_MAX_MS = 400;

/** Tries an edit until nobody else has made one meanwhile. Throws `unavailable` when too many do at once. */
export async function tryEdit<T>(
  edit: () => Promise<T | 'overtaken'>,
  { random, sleep }: Pick<Deps, 'random' | 'sleep'>,
): Promise<T> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (tries > 0) await sleep(random() * Math.min(PAUSE_FIRST_MS * 2 ** tries, PAUSE_MAX_MS));
    const outcome = await edit();
    if (outcome !== 'overtaken') return outcome;
  }
  throw new DomainError('unavailable', 'Too many calls change these settings at once.', {
    retryAfterS: 1,
  });
}
