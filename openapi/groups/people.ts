import * as z from 'zod';
import { answersData } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';

const CheckedNumber = z.strictObject({
  number: z.string().describe('Digits alone.'),
  exists: z.boolean(),
  chatId: z.string().nullable().describe('To send to; `null` when nobody is there.'),
  jid: z.string().nullable(),
  lid: z.string().nullable().describe('Where WhatsApp tells it.'),
});
const KnownLid = z.strictObject({
  lid: z.string(),
  phone: z.string(),
  jid: z.string(),
  chatId: z.string(),
});

export const peopleDocs = {
  checkNumber: {
    summary: 'Check whether a number is on WhatsApp',
    description: 'WhatsApp is asked at once, by the session of the instance.',
    params: { number: 'A phone number with its country code; punctuation is dropped.' },
    answers: {
      200: answersData('Whether it is there, and by which addresses.', {
        message: 'Number checked successfully',
        data: CheckedNumber,
        example: {
          number: '2348179803743',
          exists: true,
          chatId: '2348179803743@c.us',
          jid: '2348179803743@s.whatsapp.net',
          lid: '10150000000@lid',
        },
      }),
    },
    errors: ['not_connected', 'runner_timeout'],
    examples: { default: { params: { number: '2348179803743' } } },
  },
  showLid: {
    summary: 'Show the number behind a LID',
    description: 'As far as the instance has learnt it from messages and checks.',
    params: { lid: 'With or without `@lid`.' },
    answers: {
      200: answersData('The number.', {
        message: 'Number fetched successfully',
        data: KnownLid,
        example: {
          lid: '10150000000@lid',
          phone: '2348179803743',
          jid: '2348179803743@s.whatsapp.net',
          chatId: '2348179803743@c.us',
        },
      }),
    },
    examples: { default: { params: { lid: '10150000000@lid' } } },
  },
} satisfies GroupDocs<'people'>;
