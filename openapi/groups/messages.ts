import * as z from 'zod';
import { GroupedHex, Ulid } from '#shared/domain/identifier.ts';
import { MessageFailure, MessageState } from '#shared/domain/message.ts';
import { answersData } from '../answer-doc.ts';
import type { GroupDocs, OperationDoc } from '../operation-doc.ts';
import { PLACEHOLDERS } from '../placeholders.ts';

const None = z.strictObject({});
const SentMessage = z.strictObject({
  message: z.strictObject({
    key: z.strictObject({
      remoteJid: z.string(),
      fromMe: z.literal(true),
      id: z.string().describe("WhatsApp's id of the message."),
    }),
    message: z.strictObject({ extendedTextMessage: z.strictObject({ text: z.string() }) }),
    messageTimestamp: z.string().describe('Seconds since 1970.'),
    status: z.literal('PENDING'),
  }),
  attachment: z.array(z.unknown()),
  contact: None,
  image: None,
  buttons: None,
  location: None,
});
const ShownMessage = z.strictObject({
  id: Ulid,
  whatsapp_id: z.string(),
  session_id: GroupedHex,
  chatId: z.string(),
  type: z.literal('text'),
  state: MessageState,
  ack: z
    .int()
    .min(-1)
    .max(4)
    .describe('-1 failed, 0 pending, 1 sent, 2 delivered, 3 read, 4 played.'),
  times: z.partialRecord(MessageState, z.iso.datetime()).describe('When each state was reached.'),
  attempts: z.int(),
  error: MessageFailure.nullable().describe('Why it failed.'),
});

/** Where to ask how far the message has come. */
const MESSAGE_HEADERS = {
  'x-message-id': 'Our id of the message.',
  location: 'Where to ask how far it has come.',
};
const TEXT = 'Hello dear, how may I help you?';

const sendText: OperationDoc = {
  summary: 'Send a text, the older way',
  description: 'Answers open-wa’s id of the message. Use `POST /whatsapp/message`.',
  fields: { message: 'The text.' },
  answers: {
    200: answersData('Accepted.', {
      message: 'Message sent successfully',
      data: z.string(),
      example: `true_2348179803743@c.us_${PLACEHOLDERS.whatsapp_id}`,
      headers: MESSAGE_HEADERS,
    }),
  },
  errors: ['not_linked'],
  examples: { default: { body: { to: '2348179803743', message: 'Hello sir 3.' } } },
};

export const messagesDocs = {
  sendMessage: {
    summary: 'Send a message',
    description:
      'Accepted means durable and in order: it is sent when the instance is connected, once, or you are told why not.',
    fields: { message: 'The text.' },
    answers: {
      200: answersData("Accepted. `key.id` is WhatsApp's id of it.", {
        message: 'Message sent successfully',
        data: SentMessage,
        example: {
          message: {
            key: {
              remoteJid: '2348179803743@s.whatsapp.net',
              fromMe: true,
              id: PLACEHOLDERS.whatsapp_id,
            },
            message: { extendedTextMessage: { text: TEXT } },
            messageTimestamp: '1795348800',
            status: 'PENDING',
          },
          attachment: [],
          contact: {},
          image: {},
          buttons: {},
          location: {},
        },
        headers: MESSAGE_HEADERS,
      }),
    },
    errors: ['not_linked'],
    examples: {
      text: { summary: 'A text', body: { chatId: '2348179803743', message: TEXT } },
      group: {
        summary: 'A text for a group',
        body: { chatId: '120363041234567890@g.us', message: TEXT },
      },
    },
  },
  showMessage: {
    summary: 'Show how far a message has come',
    params: { id: "Our id, WhatsApp's, or open-wa's `true_<chat>_<id>`." },
    answers: {
      200: answersData('The message. States only move forward.', {
        message: 'Message fetched successfully',
        data: ShownMessage,
        example: {
          id: PLACEHOLDERS.message_id,
          whatsapp_id: PLACEHOLDERS.whatsapp_id,
          session_id: PLACEHOLDERS.session_id,
          chatId: '2348179803743@c.us',
          type: 'text',
          state: 'SENT',
          ack: 1,
          times: {
            QUEUED: '2026-11-22T12:00:00.000Z',
            SENDING: '2026-11-22T12:00:00.100Z',
            SENT: '2026-11-22T12:00:00.200Z',
          },
          attempts: 1,
          error: null,
        },
      }),
    },
    examples: {
      ours: { summary: 'By our id', params: { id: '{message_id}' } },
      whatsapp: { summary: "By WhatsApp's id", as: 'instance', params: { id: '{whatsapp_id}' } },
    },
  },
  sendText,
} satisfies GroupDocs<'messages'>;
