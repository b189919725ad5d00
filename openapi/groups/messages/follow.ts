import * as z from 'zod';
import { SEND_OPTIONS } from '#functions/messages/send-options.ts';
import { GroupedHex, Ulid } from '#shared/domain/identifier.ts';
import { MessageFailure, MessageState } from '#shared/domain/message.ts';
import { answersData, answersNothing } from '../../answer-doc.ts';
import type { GroupDocs } from '../../operation-doc.ts';
import { CURSOR, PAGE_FIELDS } from '../../page.ts';
import { PLACEHOLDERS } from '../../placeholders.ts';
import { MESSAGE_HEADERS, TIME_FIELDS } from './sending.ts';

const ShownMessage = z.strictObject({
  id: Ulid,
  whatsapp_id: z.string(),
  session_id: GroupedHex,
  chatId: z.string(),
  type: z
    .enum([
      ...(['text', 'image', 'video', 'audio', 'document', 'sticker', 'location'] as const),
      ...(['contact', 'poll', 'reaction', 'edit', 'delete', 'forward'] as const),
    ])
    .describe('Lists and buttons are texts, or pictures and videos.'),
  state: MessageState,
  ack: z
    .int()
    .min(-1)
    .max(4)
    .describe('-1 failed, 0 pending, 1 sent, 2 delivered, 3 read, 4 played.'),
  times: z.partialRecord(MessageState, z.iso.datetime()).describe('When each state was reached.'),
  attempts: z.int(),
  error: MessageFailure.nullable().describe('Why it failed.'),
  send_at: z.iso.datetime().nullable().describe('It is not sent before.'),
  valid_until: z.iso.datetime().nullable().describe('It is not sent after.'),
  retry_of: Ulid.nullable().describe('The message that it tries again.'),
  rendered_as: z.enum(['text', 'native']).nullable().describe('How a list or buttons went out.'),
});
const QUEUED = {
  id: PLACEHOLDERS.message_id,
  whatsapp_id: PLACEHOLDERS.whatsapp_id,
  session_id: PLACEHOLDERS.session_id,
  chatId: '2348179803743@c.us',
  type: 'text',
  state: 'QUEUED',
  ack: 0,
  times: { QUEUED: '2026-11-22T12:00:00.000Z' },
  attempts: 0,
  error: null,
  send_at: null,
  valid_until: '2026-11-22T18:00:00.000Z',
  retry_of: null,
  rendered_as: null,
} as const;
const SENT = {
  ...QUEUED,
  state: 'SENT',
  ack: 1,
  times: {
    QUEUED: '2026-11-22T12:00:00.000Z',
    SENDING: '2026-11-22T12:00:00.100Z',
    SENT: '2026-11-22T12:00:00.200Z',
  },
  attempts: 1,
} as const;
const MESSAGE_IN_PATH = { id: "Our id, WhatsApp's, or open-wa's `true_<chat>_<id>`." };

/** What became of messages, and of files that came in. */
export const followDocs = {
  showMessage: {
    summary: 'Show how far a message has come',
    params: MESSAGE_IN_PATH,
    answers: {
      200: answersData('The message. States only move forward.', {
        message: 'Message fetched successfully',
        data: ShownMessage,
        example: SENT,
      }),
    },
    examples: {
      ours: { summary: 'By our id', params: { id: '{message_id}' } },
      whatsapp: { summary: "By WhatsApp's id", as: 'instance', params: { id: '{whatsapp_id}' } },
    },
  },
  listMessages: {
    summary: 'List messages',
    description:
      'What the instance was asked to send. With a `state` a page may have fewer than `limit`, or none, and still a `cursor`.',
    fields: { ...PAGE_FIELDS, state: 'Only messages that are in it now.' },
    answers: {
      200: answersData('A page of messages, newest first.', {
        message: 'Messages fetched successfully',
        data: z.strictObject({ messages: z.array(ShownMessage), cursor: CURSOR }),
        example: { messages: [QUEUED], cursor: null },
      }),
    },
    examples: {
      default: {},
      waiting: { summary: 'What still waits', query: { state: 'QUEUED', limit: '10' } },
    },
  },
  cancelMessage: {
    summary: 'Cancel a message',
    description: 'One that no attempt was made of. Once canceled, it is answered the same again.',
    params: MESSAGE_IN_PATH,
    answers: {
      200: answersData('The message, which is not sent any more.', {
        message: 'Message canceled successfully',
        data: ShownMessage,
        example: {
          ...QUEUED,
          state: 'CANCELED',
          ack: -1,
          times: { ...QUEUED.times, CANCELED: '2026-11-22T12:00:30.000Z' },
        },
      }),
    },
    errors: ['too_late'],
    examples: { default: { params: { id: '{message_id}' } } },
  },
  retryMessage: {
    summary: 'Send a message again',
    description:
      'One that is `FAILED`, `EXPIRED` or `CANCELED`, as a new message. Asked again within a day, it answers the same one.',
    params: MESSAGE_IN_PATH,
    fields: TIME_FIELDS,
    alsoReads: { body: z.object(SEND_OPTIONS) },
    answers: {
      200: answersData('The new message.', {
        message: 'Message is sent again',
        data: ShownMessage,
        example: { ...QUEUED, retry_of: '01KAX3TZ00Q4W5T6Y7Z8A9B0CD' },
        headers: MESSAGE_HEADERS,
      }),
    },
    errors: ['not_linked', 'too_late', 'too_many_requests'],
    examples: {
      default: { params: { id: '{message_id}' }, body: {} },
      later: {
        summary: 'Within another time',
        params: { id: '{message_id}' },
        body: { expiresIn: 600 },
      },
    },
  },
  showMedia: {
    summary: 'Get a file that came in',
    description: 'As long as it is kept: 30 days, unless the operator says otherwise.',
    params: { mediaId: 'The `id` of the media in the event.' },
    answers: {
      302: answersNothing('It is there.', { location: 'A URL that gives the bytes for an hour.' }),
    },
    examples: { default: { params: { mediaId: '{media_id}' } } },
  },
} satisfies Partial<GroupDocs<'messages'>>;
