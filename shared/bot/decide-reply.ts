import type { Settings } from '../domain/settings.ts';
import { activeTime } from './active-time.ts';
import { isLoop, NO_HISTORY, PAUSE_MS } from './chat-history.ts';
import type { BotMessage, ChatHistory, ReplyDecision, SilenceReason } from './decision.ts';
import type { BotReply, KeywordRule } from './keyword-rule.ts';
import { findRule } from './match-rule.ts';

/** The decision, and in plain sentences how it came about, step by step. */
export type Decided = { readonly decision: ReplyDecision; readonly reasons: readonly string[] };

/** Where a customer says nothing of it. */
const DEFAULT_MSG_MINUTES = 60;

const MINUTE_MS = 60_000;

/** Whether, and what, the bot answers to one message; `docs/bot.md` tells the rules in the same order. */
export function decideReply(
  message: BotMessage,
  settings: Settings,
  rules: readonly KeywordRule[],
  now: Date,
  history: ChatHistory = NO_HISTORY,
): Decided {
  const reasons: string[] = [];
  const steps = [
    () => decideByMessage(message, reasons),
    () => decideBySwitches(message, settings, reasons),
    () => decideByTime(settings, now, reasons),
    () => decideByPause(history, now, reasons),
  ];
  for (const step of steps) {
    const reason = step();
    if (reason) return { decision: { kind: 'silent', reason }, reasons };
  }
  const answer =
    decideByRules(message, rules, reasons) ?? decideByDefault(settings, { now, history, reasons });
  if (answer.kind === 'silent' || !isLoop(history, now)) return { decision: answer, reasons };
  reasons.push(
    'The bot has answered too often in this chat within a minute: it may be talking to another bot.',
  );
  const pauseUntil = new Date(now.getTime() + PAUSE_MS);
  return { decision: { kind: 'silent', reason: 'loop_suspected', pauseUntil }, reasons };
}

/** The default message, as a reply like any other. */
function defaultReply({ default_msg }: Pick<Settings, 'default_msg'>): BotReply {
  return { type: 'text', text: default_msg };
}

type Silence = SilenceReason | undefined;

function decideByMessage({ fromMe, chat, isAnswerable }: BotMessage, reasons: string[]): Silence {
  if (fromMe) {
    reasons.push('The message is of the account itself.');
    return 'own_message';
  }
  if (chat !== 'private' && chat !== 'group') {
    reasons.push(`The message is of a ${chat}, and not of a chat.`);
    return 'not_a_chat';
  }
  if (!isAnswerable) {
    reasons.push('The message is a reaction, a vote or a change: nothing to answer.');
    return 'nothing_to_answer';
  }
  reasons.push(`The message is of a ${chat} chat.`);
  return undefined;
}

function decideBySwitches(
  { chat, backlog }: BotMessage,
  { actions }: Settings,
  reasons: string[],
): Silence {
  if (!actions.reply_msgs) {
    reasons.push('reply_msgs is off: the bot answers nothing.');
    return 'replies_off';
  }
  if (chat === 'group' && !actions.reply_group_msgs) {
    reasons.push('reply_group_msgs is off: the bot answers nothing in groups.');
    return 'group_replies_off';
  }
  if (backlog && !actions.reply_unread_msgs) {
    reasons.push(
      'The message came while the number was not connected, and reply_unread_msgs is off.',
    );
    return 'unread_replies_off';
  }
  return undefined;
}

function decideByTime(settings: Settings, now: Date, reasons: string[]): Silence {
  const { kind } = activeTime(settings, now);
  const { from, to } = settings.active_hours;
  switch (kind) {
    case 'active':
      reasons.push(`The bot is active at this time of ${settings.bot_timezone}.`);
      return undefined;
    case 'inactive_day':
      reasons.push(`The day in ${settings.bot_timezone} is none of the active days.`);
      return kind;
    case 'inactive_hour':
      reasons.push(`The time in ${settings.bot_timezone} is not from ${from} to ${to}.`);
      return kind;
  }
}

function decideByPause({ pausedUntil }: ChatHistory, now: Date, reasons: string[]): Silence {
  if (pausedUntil === undefined || pausedUntil <= now) return undefined;
  reasons.push(
    `The bot is silent in this chat until ${pausedUntil.toISOString()}: it may have talked to another bot.`,
  );
  return 'loop_suspected';
}

function decideByRules(
  { text, chat }: BotMessage,
  rules: readonly KeywordRule[],
  reasons: string[],
): ReplyDecision | undefined {
  const search = findRule(text, chat === 'group', rules);
  switch (search.kind) {
    case 'found': {
      const { keyword } = search;
      const { keywordId, match, reply } = search.rule;
      reasons.push(`The keyword "${keyword}" of the rule ${keywordId} matches (${match}).`);
      return { kind: 'reply', reply, rule: { keywordId, keyword } };
    }
    case 'given_up':
      reasons.push(
        `No keyword matches so far, and the rules from ${search.rule.keywordId} on take too long for this message.`,
      );
      return undefined;
    case 'none':
      reasons.push(
        text.trim() === '' ? 'The message has no text, and so no keyword.' : 'No keyword matches.',
      );
      return undefined;
  }
}

function decideByDefault(
  settings: Settings,
  { now, history, reasons }: { now: Date; history: ChatHistory; reasons: string[] },
): ReplyDecision {
  if (!settings.actions.send_default_msg) {
    reasons.push('send_default_msg is off: without a keyword the bot is silent.');
    return { kind: 'silent', reason: 'no_keyword' };
  }
  const minutes = settings.default_msg_minutes ?? DEFAULT_MSG_MINUTES;
  const sinceMs = now.getTime() - (history.defaultSentAt?.getTime() ?? Number.NEGATIVE_INFINITY);
  // Another clock may have been ahead when it was sent: each time is each time.
  if (minutes > 0 && sinceMs < minutes * MINUTE_MS) {
    reasons.push(`The default message was sent in this chat within the last ${minutes} minutes.`);
    return { kind: 'silent', reason: 'default_sent_recently' };
  }
  reasons.push('The default message is sent.');
  return { kind: 'reply', reply: defaultReply(settings) };
}
