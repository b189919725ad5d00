import * as z from 'zod';
import { answersNothing } from '../../answer-doc.ts';
import type { GroupDocs } from '../../operation-doc.ts';
import { answersSent, SEND_ERRORS, SEND_HEADERS, TIME_FIELDS } from './sending.ts';

const CHAT = '2348179803743';
const TARGET = {
  messageId: "A message of the instance: our id, WhatsApp's, or open-wa's `false_<chat>_<id>`.",
} as const;
const FIELDS = { ...TARGET, ...TIME_FIELDS };
const alsoReads = { headers: SEND_HEADERS };

/** The message that another one is about. */
const Key = z.strictObject({ remoteJid: z.string(), fromMe: z.boolean(), id: z.string() });
const EXAMPLE_KEY = {
  remoteJid: '2348179803743@s.whatsapp.net',
  fromMe: true,
  id: '3EB015715C3A6439227F',
};

const ReactionMessage = z.strictObject({
  reactionMessage: z.strictObject({ key: Key, text: z.string() }),
});
const EditMessage = z.strictObject({
  protocolMessage: z.strictObject({
    key: Key,
    type: z.literal('MESSAGE_EDIT'),
    editedMessage: z.strictObject({
      extendedTextMessage: z.strictObject({ text: z.string() }),
    }),
  }),
});
const DeleteMessage = z.strictObject({
  protocolMessage: z.strictObject({ key: Key, type: z.literal('REVOKE') }),
});

/** Messages about messages, and what others see the account do. */
export const amendDocs = {
  sendReaction: {
    summary: 'React to a message',
    fields: { emoji: 'One emoji; empty takes the reaction back.', ...FIELDS },
    alsoReads,
    answers: {
      200: answersSent({
        message: ReactionMessage,
        example: { reactionMessage: { key: { ...EXAMPLE_KEY, fromMe: false }, text: '👍' } },
      }),
    },
    errors: SEND_ERRORS,
    examples: {
      received: {
        summary: 'To a message that came in',
        body: { messageId: '{received_id}', emoji: '👍' },
      },
      back: { summary: 'Taken back', body: { messageId: '{message_id}', emoji: '' } },
    },
  },
  editMessage: {
    summary: 'Edit a message',
    description: 'A text of the instance itself, within 15 minutes.',
    fields: { message: 'The text in its place.', ...FIELDS },
    alsoReads,
    answers: {
      200: answersSent({
        message: EditMessage,
        example: {
          protocolMessage: {
            key: EXAMPLE_KEY,
            type: 'MESSAGE_EDIT',
            editedMessage: { extendedTextMessage: { text: 'Hello dears' } },
          },
        },
      }),
    },
    errors: [...SEND_ERRORS, 'too_late'],
    examples: { default: { body: { messageId: '{message_id}', message: 'Hello dears' } } },
  },
  deleteMessage: {
    summary: 'Delete a message for everyone',
    description:
      'Within 60 hours. A message of somebody else can be deleted in a group alone, by its admin.',
    fields: FIELDS,
    alsoReads,
    answers: {
      200: answersSent({
        message: DeleteMessage,
        example: { protocolMessage: { key: EXAMPLE_KEY, type: 'REVOKE' } },
      }),
    },
    errors: [...SEND_ERRORS, 'too_late'],
    examples: { default: { body: { messageId: '{whatsapp_id}' } } },
  },
  forwardMessage: {
    summary: 'Forward a message',
    fields: FIELDS,
    alsoReads,
    answers: {
      200: answersSent({
        message: z.strictObject({}).describe('What it says is put in when it is sent.'),
        example: {},
      }),
    },
    errors: SEND_ERRORS,
    examples: { default: { body: { messageId: '{received_id}', chatId: CHAT } } },
  },
  markRead: {
    summary: 'Mark messages as read',
    description: 'The senders see it. It is done at once or not at all.',
    fields: { messageId: 'A message of somebody else, or a list of up to 50.' },
    answers: { 204: answersNothing('It is done.') },
    errors: ['not_found', 'not_connected', 'runner_timeout'],
    examples: {
      default: { body: { messageId: '{received_id}' } },
      list: { summary: 'Several', body: { messageId: ['{received_id}'] } },
    },
  },
  showPresence: {
    summary: 'Show that something is being written',
    description: 'Or recorded, or no more. It is done at once or not at all.',
    answers: { 204: answersNothing('It is done.') },
    errors: ['not_connected', 'runner_timeout'],
    examples: { default: { body: { chatId: CHAT, presence: 'composing' } } },
  },
} satisfies Partial<GroupDocs<'messages'>>;
