/** So many attempts in a window of time. Windows follow each other without overlap. */
export type ThrottleLimit = { readonly attemptsMax: number; readonly windowS: number };

export type ThrottleWindow = {
  /** Names the window among those of its subject. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly endsAtS: number;
};

/** The window that `now` falls in. */
export function throttleWindow(now: Date, { windowS }: ThrottleLimit): ThrottleWindow {
  const index = Math.floor(now.getTime() / 1000 / windowS);
  return { name: String(index), endsAtS: (index + 1) * windowS };
}

export type ThrottleDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly retryAfterS: number };

/** `attempts` counts this one too. */
export function decideThrottle(
  attempts: number,
  limit: ThrottleLimit,
  now: Date,
): ThrottleDecision {
  if (attempts <= limit.attemptsMax) return { kind: 'allow' };
  return { kind: 'refuse', retryAfterS: secondsLeft(limit, now) };
}

/** Whole seconds until the window ends, at least one. */
export function secondsLeft(limit: ThrottleLimit, now: Date): number {
  const { endsAtS } = throttleWindow(now, limit);
  return Math.max(1, Math.ceil(endsAtS - now.getTime() / 1000));
}
