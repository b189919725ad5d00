import * as z from 'zod';
import type { FieldDoc } from './operation-doc.ts';

/** The query of a list that is read page by page: `PageQuery`. */
export const PAGE_FIELDS: Readonly<Record<'limit' | 'cursor', FieldDoc>> = {
  limit: {
    description: 'How many a page.',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  },
  cursor: 'The `cursor` of the page before.',
};

/** The field of such a list's answer. */
export const CURSOR = z
  .string()
  .nullable()
  .describe('Asks for the next page; `null` after the last.');
