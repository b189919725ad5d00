import type { Pace } from './pace.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Less than what a millisecond brings at the slowest pace: it evens out how fractions are rounded. */
const TOKEN_FRACTION = 1e-6;

/** What a session remembers of what it has sent. It is plain data, and every send makes a new one. */
export type PaceState = {
  /** How many messages might have gone at once at `refilledAtMs`. */
  readonly tokens: number;
  readonly refilledAtMs: number;
  /** By chat, for those whose gap may not be over. */
  readonly lastSentAtMs: Readonly<Record<string, number>>;
};

/** A message that would go now. Times are milliseconds since 1970. */
export type PacedMessage = {
  readonly chatId: string;
  /** Whether the session has never written to the chat before. */
  readonly isNewChat: boolean;
  /** How many new chats it has begun on this day (UTC). */
  readonly newChatsToday: number;
  readonly atMs: number;
};

export type PaceDecision =
  | { readonly kind: 'send' }
  /** `scope` says who waits: every message, those to this chat, or those to chats that are new. */
  | {
      readonly kind: 'wait';
      readonly untilMs: number;
      readonly scope: 'session' | 'chat' | 'new_chats';
    };
type Wait = Extract<PaceDecision, { kind: 'wait' }>;

/** The state of a session that has sent nothing for long. */
export function restedPaceState({ burst }: Pace, atMs: number): PaceState {
  return { tokens: burst, refilledAtMs: atMs, lastSentAtMs: {} };
}

/**
 * Whether the message may go now. Of several reasons to wait the longest is told, so that nothing else holds the
 * message up when that is over, unless others were sent in the meantime.
 */
export function decidePace(pace: Pace, state: PaceState, message: PacedMessage): PaceDecision {
  const waits = [
    waitForToken(pace, state, message),
    waitForGap(pace, state, message),
    waitForTomorrow(pace, message),
  ];
  return waits.reduce<PaceDecision>(
    (longest, wait) =>
      wait && (longest.kind === 'send' || wait.untilMs > longest.untilMs) ? wait : longest,
    { kind: 'send' },
  );
}

/** The state after a message was sent. Chats whose gap is over are forgotten. */
export function notePace(
  pace: Pace,
  state: PaceState,
  { chatId, atMs }: Pick<PacedMessage, 'chatId' | 'atMs'>,
): PaceState {
  const recent = Object.entries(state.lastSentAtMs).filter(
    ([, sentAtMs]) => sentAtMs <= atMs && atMs - sentAtMs < pace.chat_gap_ms,
  );
  return {
    tokens: tokensAt(atMs, pace, state) - 1,
    refilledAtMs: atMs,
    lastSentAtMs: Object.fromEntries([...recent, [chatId, atMs]]),
  };
}

function waitForToken(pace: Pace, state: PaceState, { atMs }: PacedMessage): Wait | undefined {
  const missing = 1 - tokensAt(atMs, pace, state);
  if (missing <= TOKEN_FRACTION) return undefined;
  const delayMs = ((missing - TOKEN_FRACTION) * MINUTE_MS) / pace.per_minute;
  return { kind: 'wait', untilMs: atMs + Math.ceil(delayMs), scope: 'session' };
}

/** A clock that was set back says nothing of how long it has been: one message may go, and counts from there. */
function tokensAt(atMs: number, pace: Pace, { tokens, refilledAtMs }: PaceState): number {
  if (atMs < refilledAtMs) return Math.min(Math.max(tokens, 1), pace.burst);
  const refilled = tokens + ((atMs - refilledAtMs) * pace.per_minute) / MINUTE_MS;
  return Math.min(refilled, pace.burst);
}

function waitForGap(
  pace: Pace,
  { lastSentAtMs }: PaceState,
  { chatId, atMs }: PacedMessage,
): Wait | undefined {
  const sentAtMs = lastSentAtMs[chatId];
  if (sentAtMs === undefined || sentAtMs > atMs) return undefined;
  const untilMs = sentAtMs + pace.chat_gap_ms;
  return untilMs > atMs ? { kind: 'wait', untilMs, scope: 'chat' } : undefined;
}

function waitForTomorrow(
  { new_chats_per_day: limit }: Pace,
  { isNewChat, newChatsToday, atMs }: PacedMessage,
): Wait | undefined {
  if (!isNewChat || limit === 0 || newChatsToday < limit) return undefined;
  return { kind: 'wait', untilMs: (Math.floor(atMs / DAY_MS) + 1) * DAY_MS, scope: 'new_chats' };
}
