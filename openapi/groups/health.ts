import * as z from 'zod';
import { answersData } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';

export const healthDocs = {
  checkHealth: {
    summary: 'Ask whether the API works',
    answers: {
      200: answersData('It does, and its storage too.', {
        message: 'ok',
        data: z.strictObject({ storage: z.literal('ok'), time: z.iso.datetime() }),
        example: { storage: 'ok', time: '2026-11-22T12:00:00.000Z' },
      }),
    },
    examples: { default: {} },
  },
} satisfies GroupDocs<'health'>;
