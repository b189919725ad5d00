import type { ChatHistory, ReplyDecision } from './decision.ts';

/** More answers than this in a chat, within that time, are no conversation of a person with a bot. */
export const REPLIES_MAX = 10;
const REPLIES_WITHIN_MS = 60_000;
/** So long the bot is silent then. */
export const PAUSE_MS = 3_600_000;

export const NO_HISTORY: ChatHistory = { repliesAt: [] };

/** What is to be known of a chat after the bot has decided. */
export function historyAfter(
  decision: ReplyDecision,
  history: ChatHistory,
  now: Date,
): ChatHistory {
  switch (decision.kind) {
    case 'silent':
      return decision.pauseUntil ? { ...history, pausedUntil: decision.pauseUntil } : history;
    case 'reply':
      return {
        ...history,
        repliesAt: [...recentReplies(history, now), now].slice(-REPLIES_MAX),
        ...(decision.rule === undefined && { defaultSentAt: now }),
      };
  }
}

/** Whether one more answer would be one too many. */
export function isLoop(history: ChatHistory, now: Date): boolean {
  return recentReplies(history, now).length >= REPLIES_MAX;
}

/** One that lies in the future, by a clock that was set back, counts as well. */
function recentReplies({ repliesAt }: ChatHistory, now: Date): readonly Date[] {
  return repliesAt.filter((at) => now.getTime() - at.getTime() < REPLIES_WITHIN_MS);
}
