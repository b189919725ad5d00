/**
 * Keeps posts from an endpoint that does not answer.
 *
 *   closed ── 5 failures in a row ──▶ open ── 30 s ──▶ half open, for one post ── it fails ──▶ open
 *      ▲                                                     │
 *      └─────────────────── a post comes through ────────────┘
 */
export type Breaker = {
  /** Since the last post that came through. */
  readonly failures: number;
  /** No post before, in milliseconds since 1970. */
  readonly openUntilMs: number;
};

export type Gate =
  | { readonly kind: 'shut'; readonly untilMs: number }
  | { readonly kind: 'open'; readonly inFlightMax: number };

export const CLOSED: Breaker = { failures: 0, openUntilMs: 0 };

const FAILURES_MAX = 5;
const OPEN_MS = 30_000;
/** Posts at the same time to one endpoint. */
export const IN_FLIGHT_MAX = 4;

export function afterPost(breaker: Breaker, isDelivered: boolean, nowMs: number): Breaker {
  if (isDelivered) return CLOSED;
  const failures = breaker.failures + 1;
  return { failures, openUntilMs: failures < FAILURES_MAX ? 0 : nowMs + OPEN_MS };
}

/** Whether so many posts in a row have failed that it is the endpoint, and not one event. */
export function isOut({ failures }: Breaker): boolean {
  return failures >= FAILURES_MAX;
}

/** How many posts may be under way now: of an endpoint whose last one failed, one. */
export function decideGate({ failures, openUntilMs }: Breaker, nowMs: number): Gate {
  // A clock that was set back keeps nobody out for longer.
  const isShut = openUntilMs > nowMs && openUntilMs <= nowMs + OPEN_MS;
  if (isShut) return { kind: 'shut', untilMs: openUntilMs };
  return { kind: 'open', inFlightMax: failures === 0 ? IN_FLIGHT_MAX : 1 };
}
