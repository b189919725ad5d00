import { describe, expect, it } from 'vitest';
import { historyAfter, NO_HISTORY, PAUSE_MS, REPLIES_MAX } from '#shared/bot/chat-history.ts';
import { decideReply } from '#shared/bot/decide-reply.ts';
import type { BotMessage, ChatHistory, ReplyDecision } from '#shared/bot/decision.ts';
import { aMessage, aRule, someSettings } from './a-bot.ts';

/** A Sunday. */
const NOW = new Date('2026-11-22T12:00:00Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

/** What comes of a message: the text of the reply, or why there is none. */
function comesOf(decision: ReplyDecision): string {
  if (decision.kind === 'silent') return decision.reason;
  return decision.reply.type === 'text' ? decision.reply.text : decision.reply.type;
}

describe('a message that is nobody’s to answer', () => {
  it.each<[Partial<BotMessage>, string]>([
    [{ fromMe: true }, 'own_message'],
    [{ chat: 'status' }, 'not_a_chat'],
    [{ chat: 'broadcast' }, 'not_a_chat'],
    [{ chat: 'channel' }, 'not_a_chat'],
    [{ isAnswerable: false }, 'nothing_to_answer'],
  ])('%j is not answered: %s', (changes, reason) => {
    const { decision } = decideReply(aMessage(changes), someSettings(), [aRule()], NOW);
    expect(comesOf(decision)).toBe(reason);
  });
});

describe('the switches', () => {
  it.each<[Parameters<typeof someSettings>[0], Partial<BotMessage>, string]>([
    [{ actions: { reply_msgs: false } }, {}, 'replies_off'],
    [{ actions: { reply_msgs: false } }, { chat: 'group' }, 'replies_off'],
    [{ actions: { reply_group_msgs: false } }, { chat: 'group' }, 'group_replies_off'],
    [{ actions: { reply_group_msgs: false } }, {}, 'a reply'],
    [{ actions: { reply_unread_msgs: false } }, { backlog: true }, 'unread_replies_off'],
    [{ actions: { reply_unread_msgs: false } }, {}, 'a reply'],
    [{ actions: { send_default_msg: false } }, { text: 'what?' }, 'no_keyword'],
    [{ default_msg: 'sorry' }, { text: 'what?' }, 'sorry'],
    [{ default_msg: 'sorry' }, { text: '' }, 'sorry'],
    [{ actions: { multi_device: false, send_webhook: false } }, {}, 'a reply'],
  ])('%j makes of %j: %s', (settings, message, expected) => {
    const { decision, reasons } = decideReply(
      aMessage(message),
      someSettings(settings),
      [aRule()],
      NOW,
    );
    expect(comesOf(decision)).toBe(expected);
    expect(reasons.length).toBeGreaterThan(0);
  });
});

describe('the time', () => {
  it.each<[string, Parameters<typeof someSettings>[0], string]>([
    ['2026-11-22T12:00:00Z', { active_days: { sunday: false } }, 'inactive_day'],
    ['2026-11-22T23:30:00Z', { active_days: { sunday: false }, bot_timezone: '+1' }, 'a reply'],
    ['2026-11-22T08:59:59Z', { active_hours: { from: '09:00', to: '17:00' } }, 'inactive_hour'],
    ['2026-11-22T09:00:00Z', { active_hours: { from: '09:00', to: '17:00' } }, 'a reply'],
    ['2026-11-22T16:59:59Z', { active_hours: { from: '09:00', to: '17:00' } }, 'a reply'],
    ['2026-11-22T17:00:00Z', { active_hours: { from: '09:00', to: '17:00' } }, 'inactive_hour'],
    ['2026-11-22T23:59:00Z', { active_hours: { from: '00:00', to: '24:00' } }, 'a reply'],
    // The night from Friday to Saturday is Friday's.
    [
      '2026-11-21T02:00:00Z',
      { active_hours: { from: '22:00', to: '06:00' }, active_days: { saturday: false } },
      'a reply',
    ],
    [
      '2026-11-21T02:00:00Z',
      { active_hours: { from: '22:00', to: '06:00' }, active_days: { friday: false } },
      'inactive_day',
    ],
    ['2026-11-21T12:00:00Z', { active_hours: { from: '22:00', to: '06:00' } }, 'inactive_hour'],
    // Clocks in Berlin go from 2 to 3 on 2026-03-29, and from 3 to 2 on 2026-10-25.
    [
      '2026-03-29T01:30:00Z',
      { bot_timezone: 'Europe/Berlin', active_hours: { from: '03:00', to: '04:00' } },
      'a reply',
    ],
    [
      '2026-10-25T00:30:00Z',
      { bot_timezone: 'Europe/Berlin', active_hours: { from: '02:00', to: '03:00' } },
      'a reply',
    ],
    [
      '2026-10-25T01:30:00Z',
      { bot_timezone: 'Europe/Berlin', active_hours: { from: '02:00', to: '03:00' } },
      'a reply',
    ],
    [
      '2026-11-22T12:00:00Z',
      { bot_timezone: '-03:30', active_hours: { from: '08:30', to: '08:31' } },
      'a reply',
    ],
  ])('at %s, %j: %s', (at, settings, expected) => {
    const { decision } = decideReply(aMessage(), someSettings(settings), [aRule()], new Date(at));
    expect(comesOf(decision)).toBe(expected);
  });
});

describe('the default message', () => {
  const settings = someSettings({ default_msg: 'sorry' });
  const ask = (history: ChatHistory, now: Date, minutes?: number) =>
    decideReply(
      aMessage({ text: 'what?' }),
      minutes === undefined ? settings : { ...settings, default_msg_minutes: minutes },
      [],
      now,
      history,
    ).decision;

  it('comes once an hour in a chat', () => {
    const after = historyAfter(ask(NO_HISTORY, NOW), NO_HISTORY, NOW);
    expect(comesOf(ask(after, later(59.9)))).toBe('default_sent_recently');
    expect(comesOf(ask(after, later(60)))).toBe('sorry');
  });

  it('comes as often as is set', () => {
    const after = historyAfter(ask(NO_HISTORY, NOW), NO_HISTORY, NOW);
    expect(comesOf(ask(after, later(4), 5))).toBe('default_sent_recently');
    expect(comesOf(ask(after, later(5), 5))).toBe('sorry');
    expect(comesOf(ask(after, NOW, 0))).toBe('sorry');
  });

  it('comes each time, too, when another clock was ahead', () => {
    const ahead = historyAfter(ask(NO_HISTORY, later(1)), NO_HISTORY, later(1));
    expect(comesOf(ask(ahead, NOW, 0))).toBe('sorry');
    expect(comesOf(ask(ahead, NOW, 5))).toBe('default_sent_recently');
  });

  it('is not held back by the replies of rules', () => {
    const { decision } = decideReply(aMessage(), settings, [aRule()], NOW);
    expect(comesOf(ask(historyAfter(decision, NO_HISTORY, NOW), later(1)))).toBe('sorry');
  });
});

describe('the reasons', () => {
  const reasonsFor = (...[message, settings, rules]: Parameters<typeof decideReply>) =>
    decideReply(message, settings, rules, NOW, NO_HISTORY).reasons;

  it('tell each step to a reply', () => {
    const rule = aRule({ keywords: ['Hello'], match: 'exact' });
    expect(reasonsFor(aMessage(), someSettings(), [rule], NOW)).toEqual([
      'The message is of a private chat.',
      'The bot is active at this time of UTC.',
      `The keyword "Hello" of the rule ${rule.keywordId} matches (exact).`,
    ]);
    expect(reasonsFor(aMessage({ text: '' }), someSettings(), [rule], NOW).slice(2)).toEqual([
      'The message has no text, and so no keyword.',
      'The default message is sent.',
    ]);
  });

  it('end with why there is silence', () => {
    const hours = { from: '13:00', to: '09:00' };
    expect(reasonsFor(aMessage(), someSettings({ active_hours: hours }), [], NOW)).toEqual([
      'The message is of a private chat.',
      'The time in UTC is not from 13:00 to 09:00.',
    ]);
  });

  it('name the rule from which on there was too much to look at', () => {
    const rules = Array.from({ length: 30 }, (_, n) =>
      aRule({ match: 'regex', keywords: ['[a-z]{0,500}!$'], priority: -n }),
    );
    const { decision, reasons } = decideReply(
      aMessage({ text: 'a'.repeat(4_096) }),
      someSettings({ default_msg: 'sorry' }),
      rules,
      NOW,
    );
    expect(comesOf(decision)).toBe('sorry');
    expect(reasons.join(' ')).toContain('take too long for this message');
  });
});

describe('two machines that talk to each other', () => {
  function answerTimes(count: number, everyMs: number) {
    let history: ChatHistory = NO_HISTORY;
    const told: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const now = new Date(NOW.getTime() + n * everyMs);
      const { decision } = decideReply(aMessage(), someSettings(), [aRule()], now, history);
      history = historyAfter(decision, history, now);
      told.push(comesOf(decision));
    }
    return { told, history };
  }

  it('are parted after so many answers in a minute, for an hour', () => {
    const { told, history } = answerTimes(REPLIES_MAX + 2, 1_000);
    expect(told.filter((one) => one === 'a reply')).toHaveLength(REPLIES_MAX);
    expect(told.slice(REPLIES_MAX)).toEqual(['loop_suspected', 'loop_suspected']);
    const began = NOW.getTime() + REPLIES_MAX * 1_000;
    expect(history.pausedUntil).toEqual(new Date(began + PAUSE_MS));
    const ask = (ms: number) =>
      comesOf(decideReply(aMessage(), someSettings(), [aRule()], new Date(ms), history).decision);
    expect(ask(began + PAUSE_MS - 1)).toBe('loop_suspected');
    expect(ask(began + PAUSE_MS)).toBe('a reply');
  });

  it('are none when the answers are a minute old', () => {
    const at = (ms: number) => {
      const repliesAt = Array.from({ length: REPLIES_MAX }, () => new Date(NOW.getTime() - ms));
      return comesOf(
        decideReply(aMessage(), someSettings(), [aRule()], NOW, { repliesAt }).decision,
      );
    };
    expect(at(59_999)).toBe('loop_suspected');
    expect(at(60_000)).toBe('a reply');
  });

  it('leave no long list of answers behind, whatever was kept before', () => {
    const before = { repliesAt: Array.from({ length: 500 }, () => NOW) };
    const { decision } = decideReply(aMessage(), someSettings(), [aRule()], NOW);
    expect(historyAfter(decision, before, NOW).repliesAt).toHaveLength(REPLIES_MAX);
  });

  it('are none when a person takes the time to read', () => {
    const { told, history } = answerTimes(100, 7_000);
    expect(new Set(told)).toEqual(new Set(['a reply']));
    expect(history.repliesAt.length).toBeLessThanOrEqual(REPLIES_MAX);
  });
});
