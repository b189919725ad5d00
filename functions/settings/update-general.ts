import * as z from 'zod';
import { Language } from '#shared/domain/language.ts';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { DEFAULT_MSG_MINUTES_MAX } from '#shared/domain/settings.ts';
import type { SettingsChange } from '#shared/domain/settings-change.ts';
import { TimeZone } from '#shared/domain/time-zone.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { defineRoute } from '../http/define-route.ts';
import { changeSettings } from './change-settings.ts';
import { SettingsQuery, settingsBody } from './settings-body.ts';

const NAME_LENGTH_MAX = 100;

const BotName = z
  .string()
  .trim()
  .min(1)
  .max(NAME_LENGTH_MAX)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be one line of text');

/** Forms know text alone, and nobody answers people with the word `true`. */
const Switch = z.preprocess(
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
  z.boolean(),
);

/** A boolean switches whether the default message is sent; a text is what it says. */
const DefaultMessage = z
  .union([Switch, z.string()], 'must be true, false or a text')
  .refine(
    (value) => typeof value === 'boolean' || isText(value),
    'must be a text that is not empty',
  )
  .refine(
    (value) => typeof value === 'boolean' || value.length <= TEXT_LENGTH_MAX,
    `must have at most ${TEXT_LENGTH_MAX} characters`,
  );

/** For so long the default message is not sent again to a chat; 0 sends it each time. */
const DefaultMinutes = z
  .int(`must be a whole number from 0 to ${DEFAULT_MSG_MINUTES_MAX}`)
  .refine(
    (minutes) => minutes >= 0 && minutes <= DEFAULT_MSG_MINUTES_MAX,
    `must be a whole number from 0 to ${DEFAULT_MSG_MINUTES_MAX}`,
  );

const Body = settingsBody({
  bot_name: BotName.exactOptional(),
  bot_timezone: TimeZone.exactOptional(),
  bot_lang: Language.exactOptional(),
  default_msg: DefaultMessage.exactOptional(),
  default_msg_minutes: DefaultMinutes.exactOptional(),
});

/** Changes the bot's name, time zone, language, default message and how often that comes. */
export const updateGeneral = defineRoute({
  auth: 'either',
  body: Body,
  query: SettingsQuery,
  async run(
    { body: { session_id, access_token, default_msg, ...general }, ...call },
    deps: EditNeeds,
  ) {
    return await changeSettings({ ...general, ...toChange(default_msg) }, call, deps);
  },
});

function toChange(defaultMessage: string | boolean | undefined): SettingsChange {
  switch (typeof defaultMessage) {
    case 'boolean':
      return { actions: { send_default_msg: defaultMessage } };
    case 'string':
      return { default_msg: defaultMessage };
    case 'undefined':
      return {};
  }
}

function isText(value: string): boolean {
  return value.trim() !== '' && value.isWellFormed();
}
