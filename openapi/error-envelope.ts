import * as z from 'zod';
import { ERROR_MEANINGS } from './common-errors.ts';

const ErrorDetail = z.strictObject({
  path: z.string().describe('Where it is: `config.webhookUrl`.'),
  message: z.string().describe('What is wrong with it.'),
});

/** What every refusal answers. */
export const ErrorEnvelope = z
  .strictObject({
    status: z.literal(false),
    message: z.string().describe('For people.'),
    error: z.strictObject({
      code: z.enum(Object.keys(ERROR_MEANINGS)).describe('For programs.'),
      details: z.array(ErrorDetail).optional(),
    }),
  })
  .meta({
    id: 'Error',
    description: 'A refusal.',
    examples: [
      {
        status: false,
        message: 'The request is not valid: chatId is required.',
        error: {
          code: 'validation_failed',
          details: [{ path: 'chatId', message: 'is required' }],
        },
      },
    ],
  });
