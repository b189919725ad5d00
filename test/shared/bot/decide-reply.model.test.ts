import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { decideReply } from '#shared/bot/decide-reply.ts';
import type { BotMessage, ChatHistory } from '#shared/bot/decision.ts';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import type { Settings } from '#shared/domain/settings.ts';
import { aRule, someSettings } from './a-bot.ts';

/** The rules once more, written from the documentation and not from the code, with another clock. */

const ZONES = [
  'UTC',
  'Africa/Harare',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Santiago',
  '+1',
  '-03:30',
  '+14',
  '-12',
] as const;
const DAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

function modelZone(zone: string): string {
  const offset = /^([+-])(\d+)(?::(\d+))?$/.exec(zone);
  if (!offset) return zone;
  const [, sign, hours = '', minutes = '00'] = offset;
  return `${sign}${hours.padStart(2, '0')}:${minutes}`;
}

/** Whether the clock of the zone shows a time at which the bot is to be up. */
function isUp(settings: Settings, now: Date): boolean {
  const wall = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    modelZone(settings.bot_timezone),
  );
  const { from, to } = settings.active_hours;
  const isOn = (date: Temporal.PlainDate) =>
    settings.active_days[DAYS[date.dayOfWeek - 1] ?? 'monday'];
  const today = wall.toPlainDate();
  if (from === 'always') return isOn(today);
  const time = wall.toPlainTime().toString().slice(0, 5);
  const yesterday = today.subtract({ days: 1 });
  const begin = from === '24:00' ? '00:00' : from;
  if (begin < to) return isOn(today) && begin <= time && time < to;
  return (isOn(today) && time >= begin) || (isOn(yesterday) && time < to);
}

type Case = {
  readonly message: BotMessage;
  readonly settings: Settings;
  readonly rules: readonly KeywordRule[];
  readonly now: Date;
  readonly history: ChatHistory;
};

function mayAnswer({ message, settings, now, history }: Case): boolean {
  const { actions } = settings;
  const isPaused = (history.pausedUntil?.getTime() ?? 0) > now.getTime();
  const lately = history.repliesAt.filter((at) => at.getTime() > now.getTime() - 60_000);
  return (
    !message.fromMe &&
    message.isAnswerable &&
    (message.chat === 'private' || (message.chat === 'group' && actions.reply_group_msgs)) &&
    actions.reply_msgs &&
    (actions.reply_unread_msgs || !message.backlog) &&
    isUp(settings, now) &&
    !isPaused &&
    lately.length < 20
  );
}

/** `undefined` for silence, the id of a rule, or `default`. */
function model(one: Case): string | undefined {
  if (!mayAnswer(one)) return undefined;
  const { message, settings, rules, now, history } = one;
  const words = message.text.split(' ');
  const [best] = rules
    .filter(({ enabled, chats }) => enabled && (chats === 'all' || chats === message.chat))
    .filter(({ keywords }) => keywords.some((keyword) => words.includes(keyword)))
    .sort(
      (first, second) =>
        second.priority - first.priority || (first.keywordId < second.keywordId ? -1 : 1),
    );
  if (best) return best.keywordId;
  const waitMs = (settings.default_msg_minutes ?? 60) * 60_000;
  const sent = history.defaultSentAt?.getTime();
  const isTime = sent === undefined || now.getTime() - sent >= waitMs;
  return settings.actions.send_default_msg && isTime ? 'default' : undefined;
}

const hour = fc.integer({ min: 0, max: 23 });
const time = fc
  .tuple(hour, fc.constantFrom('00', '15', '30', '59'))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`);
const hours = fc.oneof(
  fc.constant({ from: 'always', to: 'always' }),
  fc.constant({ from: '00:00', to: '24:00' }),
  // The end of one day is the beginning of the next, whose hours these are.
  time.filter((to) => to !== '00:00').map((to) => ({ from: '24:00', to })),
  time.map((from) => ({ from, to: '24:00' })),
  fc
    .tuple(time, time)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => ({ from, to })),
);
/** Also the minutes around the changes of clocks in 2026. */
const now = fc.oneof(
  fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2026-04-04T15:00Z',
        '2026-09-06T04:00Z',
      ),
      fc.integer({ min: -180, max: 180 }),
    )
    .map(([at, minutes]) => new Date(Date.parse(at) + minutes * 60_000)),
  // Within a second of a midnight somewhere: the zones have quarters of hours.
  fc
    .tuple(fc.integer({ min: 0, max: 4 * 24 * 730 }), fc.constantFrom(-1, 0, 1, 1_000))
    .map(([quarters, ms]) => new Date(Date.parse('2026-01-01') + quarters * 900_000 + ms)),
);
const switches = fc.record({
  send_default_msg: fc.boolean(),
  reply_group_msgs: fc.boolean(),
  reply_unread_msgs: fc.boolean(),
  // Mostly on, or there is little to see.
  reply_msgs: fc.constantFrom(true, true, true, false),
  multi_device: fc.boolean(),
  send_webhook: fc.boolean(),
});
const mostly = fc.constantFrom(true, true, true, false);
const days = fc.record({
  monday: mostly,
  tuesday: mostly,
  wednesday: mostly,
  thursday: mostly,
  friday: mostly,
  saturday: mostly,
  sunday: mostly,
});
const word = fc.constantFrom('hours', 'price', 'help', 'stop', 'maybe');
const rules = fc.array(
  fc.record({
    keywords: fc.array(word, { minLength: 1, maxLength: 2 }),
    priority: fc.integer({ min: -2, max: 2 }),
    chats: fc.constantFrom('all' as const, 'private' as const, 'group' as const),
    enabled: mostly,
  }),
  { maxLength: 6 },
);
const message = fc.record({
  text: fc.array(word, { maxLength: 3 }).map((words) => words.join(' ')),
  chat: fc.constantFrom<BotMessage['chat']>(
    'private',
    'private',
    'group',
    'group',
    'status',
    'broadcast',
    'channel',
  ),
  fromMe: fc.constantFrom(false, false, false, true),
  backlog: fc.boolean(),
  isAnswerable: mostly,
});
const history = fc.record({
  defaultMinutesAgo: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
  repliesSecondsAgo: fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 40 }),
  pausedForMinutes: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
});

const life = fc
  .record({
    message,
    now,
    history,
    rules,
    switches,
    days,
    hours,
    zone: fc.constantFrom(...ZONES),
    minutes: fc.option(fc.constantFrom(0, 5, 60, 90), { nil: undefined }),
  })
  .map((drawn): Case => {
    const ago = (ms: number) => new Date(drawn.now.getTime() - ms);
    const { defaultMinutesAgo, repliesSecondsAgo, pausedForMinutes } = drawn.history;
    return {
      message: drawn.message,
      now: drawn.now,
      settings: someSettings({
        bot_timezone: drawn.zone,
        actions: drawn.switches,
        active_days: drawn.days,
        active_hours: drawn.hours,
        ...(drawn.minutes !== undefined && { default_msg_minutes: drawn.minutes }),
      }),
      rules: drawn.rules.map((one, n) =>
        aRule({ ...one, keywordId: `6b000000000000000000000${n}` }),
      ),
      history: {
        repliesAt: repliesSecondsAgo.map((seconds) => ago(seconds * 1_000)),
        ...(defaultMinutesAgo !== undefined && { defaultSentAt: ago(defaultMinutesAgo * 60_000) }),
        ...(pausedForMinutes !== undefined && { pausedUntil: ago(-pausedForMinutes * 60_000) }),
      },
    };
  });

it('decides as the model does, whatever the settings', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(life, (one) => {
      const { message: asked, settings, rules: known, now: at, history: before } = one;
      const { decision } = decideReply(asked, settings, known, at, before);
      const answer =
        decision.kind === 'silent' ? undefined : (decision.rule?.keywordId ?? 'default');
      seen.add(
        decision.kind === 'silent' ? decision.reason : answer === 'default' ? answer : 'rule',
      );
      expect(answer).toBe(model(one));
    }),
    { numRuns: 5_000 },
  );
  // All that can come of a message came of one.
  expect(seen.size).toBeGreaterThanOrEqual(12);
});
