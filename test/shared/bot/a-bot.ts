import type { BotMessage } from '#shared/bot/decision.ts';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { defaultSettings, type Settings } from '#shared/domain/settings.ts';

const AT = '2026-11-22T12:00:00.000Z';
const ID = '6b0000000000000000000001';

/** A message of a person that any bot would answer. */
export function aMessage(changes: Partial<BotMessage> = {}): BotMessage {
  return {
    text: 'hello',
    chat: 'private',
    fromMe: false,
    backlog: false,
    isAnswerable: true,
    ...changes,
  };
}

export function aRule(changes: Partial<KeywordRule> = {}): KeywordRule {
  return {
    accountId: ID,
    instanceId: ID,
    keywordId: ID,
    keywords: ['hello'],
    match: 'word',
    caseSensitive: false,
    accentSensitive: false,
    priority: 0,
    chats: 'all',
    enabled: true,
    reply: { type: 'text', text: 'a reply' },
    createdAt: AT,
    updatedAt: AT,
    ...changes,
  };
}

type Changes = Partial<Omit<Settings, 'actions' | 'active_days'>> & {
  readonly actions?: Partial<Settings['actions']>;
  readonly active_days?: Partial<Settings['active_days']>;
};

/** Those of a new instance, in UTC. */
export function someSettings({ actions, active_days, ...rest }: Changes = {}): Settings {
  const settings = defaultSettings();
  return {
    ...settings,
    bot_timezone: 'UTC',
    ...rest,
    actions: { ...settings.actions, ...actions },
    active_days: { ...settings.active_days, ...active_days },
  };
}
