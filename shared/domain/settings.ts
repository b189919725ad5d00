import * as z from 'zod';

/** A week. */
export const DEFAULT_MSG_MINUTES_MAX = 7 * 24 * 60;

/** What an instance's bot does. The names are those of the customer's page. */
export const Settings = z.strictObject({
  bot_name: z.string(),
  bot_timezone: z.string(),
  bot_lang: z.string(),
  default_msg: z.string(),
  /** The default message is sent at most once in a chat in so many minutes: 60 where nothing is set, 0 is each time. */
  default_msg_minutes: z.int().min(0).max(DEFAULT_MSG_MINUTES_MAX).exactOptional(),
  actions: z.strictObject({
    send_default_msg: z.boolean(),
    reply_group_msgs: z.boolean(),
    reply_unread_msgs: z.boolean(),
    reply_msgs: z.boolean(),
    multi_device: z.boolean(),
    send_webhook: z.boolean(),
  }),
  active_days: z.strictObject({
    monday: z.boolean(),
    tuesday: z.boolean(),
    wednesday: z.boolean(),
    thursday: z.boolean(),
    friday: z.boolean(),
    saturday: z.boolean(),
    sunday: z.boolean(),
  }),
  active_hours: z.strictObject({ from: z.string(), to: z.string() }),
});
export type Settings = z.infer<typeof Settings>;

/** Stands in `bot_name` until the instance has a number. */
const NUMBER_PLACEHOLDER = 'bot_number';

/** The settings of a new instance, as the page shows them. */
export function defaultSettings(): Settings {
  return {
    bot_name: `WhatsappClient (${NUMBER_PLACEHOLDER})`,
    bot_timezone: 'Africa/Harare',
    bot_lang: 'en',
    default_msg: '{Hi|Hello} [name] your message has no keyword here.',
    actions: {
      send_default_msg: true,
      reply_group_msgs: true,
      reply_unread_msgs: true,
      reply_msgs: true,
      multi_device: false,
      send_webhook: false,
    },
    active_days: {
      monday: true,
      tuesday: true,
      wednesday: true,
      thursday: true,
      friday: true,
      saturday: true,
      sunday: true,
    },
    active_hours: { from: 'always', to: 'always' },
  };
}

/** The bot's name as shown: with its number once there is one. */
export function shownBotName(botName: string, phone: string | undefined): string {
  return phone === undefined ? botName : botName.replace(NUMBER_PLACEHOLDER, phone);
}
