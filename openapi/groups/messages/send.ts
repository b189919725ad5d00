import * as z from 'zod';
import { answersData } from '../../answer-doc.ts';
import type { GroupDocs, OperationDoc } from '../../operation-doc.ts';
import { PLACEHOLDERS } from '../../placeholders.ts';
import { ImageMessage } from './send-files.ts';
import {
  answersNoneOrSent,
  answersSent,
  MESSAGE_HEADERS,
  SAYING_FIELDS,
  SEND_ERRORS,
  SEND_HEADERS,
  sentExample,
  sentMessage,
  TIME_FIELDS,
} from './sending.ts';

const CHAT = '2348179803743';
const TEXT = 'Hello dear, how may I help you?';

const None = z.strictObject({});
const TextMessage = z.strictObject({ extendedTextMessage: z.strictObject({ text: z.string() }) });
const ContactMessage = z.strictObject({
  contactMessage: z.strictObject({ displayName: z.string(), vcard: z.string() }),
});
const LocationMessage = z.strictObject({
  locationMessage: z.strictObject({
    degreesLatitude: z.number(),
    degreesLongitude: z.number(),
    name: z.string().optional(),
    address: z.string().optional(),
  }),
});
const PollFields = z.strictObject({
  name: z.string(),
  options: z.array(z.strictObject({ optionName: z.string() })),
  selectableOptionsCount: z.int(),
});
const PollMessage = z.strictObject({
  messageContextInfo: z.strictObject({ messageSecret: z.base64() }),
  pollCreationMessageV3: PollFields.optional().describe('With one choice.'),
  pollCreationMessage: PollFields.optional().describe('With several.'),
});
const SentParts = z.strictObject({
  message: z.union([sentMessage(TextMessage), None]),
  attachment: z.array(z.string()),
  contact: z.union([ContactMessage, None]),
  image: z.union([ImageMessage, None]),
  buttons: None,
  location: z.union([LocationMessage, None]),
  ids: z.array(z.string()).describe('Our ids of the messages that were made of it, in order.'),
});

const PLACE_FIELDS = {
  'location.lat': {
    description: 'Degrees, -90 to 90; a text is taken, too.',
    schema: { type: ['number', 'string'] },
  },
  'location.lng': {
    description: 'Degrees, -180 to 180; a text is taken, too.',
    schema: { type: ['number', 'string'] },
  },
};
const PLACE = { name: 'locationName', lat: '6.556452', lng: '3.2774487' };
const alsoReads = { headers: SEND_HEADERS };

const sendText: OperationDoc = {
  summary: 'Send a text, the older way',
  description: 'Answers open-wa’s id of the message. Use `POST /whatsapp/message`.',
  fields: { message: 'The text.', ...TIME_FIELDS },
  alsoReads,
  answers: {
    200: answersData('Accepted.', {
      message: 'Message sent successfully',
      data: z.string(),
      example: `true_2348179803743@c.us_${PLACEHOLDERS.whatsapp_id}`,
      headers: MESSAGE_HEADERS,
    }),
  },
  errors: SEND_ERRORS,
  examples: { default: { body: { to: CHAT, message: 'Hello sir 3.' } } },
};

/** Texts, and what else needs no file. */
export const sendDocs = {
  sendMessage: {
    summary: 'Send a message',
    description:
      'Accepted means durable and in order: it is sent when the instance is connected, once, or you are told why not. Text, attachments, a contact and a place become one message each, in this order, all or none.',
    fields: {
      message: 'The text. One of text, attachments, place or contact must be there.',
      attachments: "Up to 20 of the account's attachments, by `_id`.",
      contactId: "One of the account's contacts.",
      ...PLACE_FIELDS,
      ...SAYING_FIELDS,
    },
    alsoReads,
    answers: {
      200: answersData("Accepted. `key.id` is WhatsApp's id of the text.", {
        message: 'Message sent successfully',
        data: SentParts,
        example: {
          message: sentExample({ extendedTextMessage: { text: TEXT } }),
          attachment: [],
          contact: {},
          image: {},
          buttons: {},
          location: {},
          ids: [PLACEHOLDERS.message_id],
        },
        headers: MESSAGE_HEADERS,
      }),
    },
    errors: SEND_ERRORS,
    examples: {
      text: { summary: 'A text', body: { chatId: CHAT, message: TEXT } },
      group: {
        summary: 'A text for a group',
        body: { chatId: '120363041234567890@g.us', message: TEXT },
      },
      parts: {
        summary: 'Everything at once',
        body: {
          chatId: CHAT,
          message: TEXT,
          attachments: ['{attachment_id}'],
          location: PLACE,
          contactId: '{contact_id}',
        },
      },
      reply: {
        summary: 'An answer that names somebody',
        body: {
          chatId: CHAT,
          message: 'Yes @2348179803743',
          quotedMessageId: '{received_id}',
          mentions: [CHAT],
        },
      },
      later: {
        summary: 'Later, once, or not at all',
        headers: { 'idempotency-key': 'order-4711-reminder' },
        body: { chatId: CHAT, message: TEXT, sendAt: '{send_at}', expiresIn: 3_600 },
      },
      wait: {
        summary: 'Answered when WhatsApp has it',
        headers: { prefer: 'wait=10' },
        body: { chatId: CHAT, message: TEXT },
      },
    },
  },
  sendLocation: {
    summary: 'Send a place',
    fields: { ...PLACE_FIELDS, ...SAYING_FIELDS },
    alsoReads,
    answers: {
      200: answersSent({
        message: LocationMessage,
        example: {
          locationMessage: {
            degreesLatitude: 6.556452,
            degreesLongitude: 3.2774487,
            name: 'locationName',
          },
        },
      }),
    },
    errors: SEND_ERRORS,
    examples: { default: { body: { chatId: CHAT, location: PLACE } } },
  },
  sendContact: {
    summary: 'Send a contact',
    fields: {
      'vcard.displayName': 'The title that the chat shows; the full name when it is not given.',
      ...SAYING_FIELDS,
    },
    alsoReads,
    answers: answersNoneOrSent({
      message: ContactMessage,
      example: {
        contactMessage: {
          displayName: 'johndoe',
          vcard:
            'BEGIN:VCARD\nVERSION:3.0\nN:;john doe;;;\nFN:john doe\nORG:Men In Black\nTEL;type=CELL;type=VOICE;waid=919999999999:+919999999999\nEND:VCARD',
        },
      },
    }),
    errors: [...SEND_ERRORS, 'message_failed'],
    examples: {
      default: {
        status: 204,
        body: {
          chatId: CHAT,
          vcard: {
            fullName: 'john doe',
            displayName: 'johndoe',
            organization: 'Men In Black',
            phoneNumber: '919999999999',
          },
        },
      },
      representation: {
        summary: 'Shown at once',
        status: 200,
        headers: { prefer: 'return=representation' },
        body: { chatId: CHAT, vcard: { fullName: 'john doe', phoneNumber: '919999999999' } },
      },
    },
  },
  sendPoll: {
    summary: 'Send a poll',
    fields: {
      name: 'The question.',
      options: '2 to 12 different answers.',
      selectableCount: 'How many may be chosen; 0 is any number.',
      ...SAYING_FIELDS,
    },
    alsoReads,
    answers: {
      200: answersSent({
        message: PollMessage,
        example: {
          messageContextInfo: { messageSecret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' },
          pollCreationMessageV3: {
            name: 'Lunch?',
            options: [{ optionName: 'Rice' }, { optionName: 'Beans' }],
            selectableOptionsCount: 1,
          },
        },
      }),
    },
    errors: SEND_ERRORS,
    examples: {
      default: { body: { chatId: CHAT, name: 'Lunch?', options: ['Rice', 'Beans'] } },
      several: {
        summary: 'As many as one likes',
        body: {
          chatId: CHAT,
          name: 'Which days?',
          options: ['Monday', 'Tuesday', 'Friday'],
          selectableCount: 0,
        },
      },
    },
  },
  sendText,
} satisfies Partial<GroupDocs<'messages'>>;
