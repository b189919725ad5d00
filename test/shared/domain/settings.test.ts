import { expect, it } from 'vitest';
import { defaultSettings, Settings, shownBotName } from '#shared/domain/settings.ts';

it('begins with settings that the schema takes, new ones for each instance', () => {
  expect(Settings.parse(defaultSettings())).toEqual(defaultSettings());
  expect(defaultSettings().actions).not.toBe(defaultSettings().actions);
});

it('shows the number in the name once there is one', () => {
  const { bot_name } = defaultSettings();

  expect(shownBotName(bot_name, undefined)).toBe('WhatsappClient (bot_number)');
  expect(shownBotName(bot_name, '2349011668758')).toBe('WhatsappClient (2349011668758)');
  expect(shownBotName('My bot', '2349011668758')).toBe('My bot');
});
