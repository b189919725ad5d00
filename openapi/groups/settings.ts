import * as z from 'zod';
import { PACE_FIELDS, PaceSettings } from '#shared/domain/pace.ts';
import { answersData } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';

const UpdateResult = z.strictObject({
  acknowledged: z.literal(true),
  modifiedCount: z.int().describe('How many instances are now another way.'),
  upsertedId: z.null(),
  upsertedCount: z.literal(0),
  matchedCount: z.int().describe('How many instances were looked at.'),
});
const Source = z
  .enum(['set', 'deployment', 'default', 'young_number'])
  .describe('`young_number`: the default of one that was linked in the last seven days.');
const ShownPace = z.strictObject({
  ...PACE_FIELDS,
  linkedAt: z.iso.datetime().nullable(),
  source: z
    .record(z.enum(PaceSettings.keyof().options), Source)
    .describe('Where each setting comes from.'),
});
const answers = {
  200: answersData('The settings are so.', {
    message: 'Whatsapp settings updated successfully!',
    data: UpdateResult,
    example: {
      acknowledged: true,
      modifiedCount: 1,
      upsertedId: null,
      upsertedCount: 0,
      matchedCount: 1,
    },
  }),
};
const WHOSE =
  'With `session_id` it is of that instance, without it of **all** instances of the account. At least one field must be there; what is left out stays.';

/** The same change by the account for all of its instances, and by one instance for itself. */
function examplesOf(body: Readonly<Record<string, unknown>>) {
  return {
    all: { summary: 'Of all instances of the account', body },
    one: { summary: 'Of one instance', as: 'instance', body },
  } as const;
}

export const settingsDocs = {
  updateGeneral: {
    summary: 'Change name, time zone, language and default message',
    description: WHOSE,
    fields: {
      bot_name: 'One line.',
      default_msg: 'A text is what it says; `true` or `false` switches whether it is sent.',
      default_msg_minutes:
        'For so long the default message is not sent again to a chat, 0 to 10,080; 0 sends it each time. 60 until it is set.',
    },
    answers,
    examples: examplesOf({
      bot_name: 'Bot Name',
      bot_timezone: '+1',
      bot_lang: 'en',
      default_msg: true,
      default_msg_minutes: 60,
    }),
  },
  updateActions: {
    summary: 'Switch what the bot does',
    description: WHOSE,
    answers,
    examples: examplesOf({
      send_default_msg: true,
      reply_group_msgs: true,
      reply_unread_msgs: true,
      reply_msgs: true,
      multi_device: true,
      send_webhook: true,
    }),
  },
  updateActiveDays: {
    summary: 'Change the active days',
    description: WHOSE,
    answers,
    examples: examplesOf({
      monday: true,
      tuesday: true,
      wednesday: true,
      thursday: true,
      friday: true,
      saturday: false,
      sunday: false,
    }),
  },
  updateActiveHours: {
    summary: 'Change the active hours',
    description: `${WHOSE} Both ends are \`always\`, or both are times, over midnight too.`,
    answers,
    examples: examplesOf({ from: '00:00', to: '5:00' }),
  },
  updatePace: {
    summary: 'Change the pace',
    description: `How fast the sessions send. ${WHOSE} \`null\` takes a setting back to its default.`,
    fields: {
      on: 'Whether there is a pace at all.',
      per_minute: 'Messages of a session, 1 to 600.',
      burst: 'How many may go at once after a pause, 1 to 100.',
      chat_gap_ms: 'Between two messages to one chat, 0 to 60,000.',
      new_chats_per_day: 'Chats never written to before, 0 to 10,000; 0 is no limit.',
      typing: 'Whether "typing…" is shown before a text.',
    },
    answers,
    examples: examplesOf({ on: true, per_minute: 30, burst: null, typing: false }),
  },
  showPace: {
    summary: 'Show the pace',
    answers: {
      200: answersData('Every setting as it holds now.', {
        message: 'Whatsapp pace fetched successfully!',
        data: ShownPace,
        example: {
          on: true,
          per_minute: 8,
          burst: 5,
          chat_gap_ms: 1_000,
          new_chats_per_day: 50,
          typing: true,
          linkedAt: '2026-11-22T12:00:00.000Z',
          source: {
            on: 'deployment',
            per_minute: 'young_number',
            burst: 'set',
            chat_gap_ms: 'young_number',
            new_chats_per_day: 'young_number',
            typing: 'young_number',
          },
        },
      }),
    },
    examples: { default: {} },
  },
} satisfies GroupDocs<'settings'>;
