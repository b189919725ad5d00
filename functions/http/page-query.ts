import * as z from 'zod';
import { InvalidCursor } from '#shared/storage/table.ts';
import { validationFailed } from './validate.ts';

const PAGE_LIMIT_DEFAULT = 50;
const PAGE_LIMIT_MAX = 100;
/** No cursor that we give is nearly as long. */
const CURSOR_LENGTH_MAX = 2_048;

/** `?limit=&cursor=` of a list that is read page by page; empty is as good as absent. */
export const PageQuery = z.object({
  limit: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text === '') return PAGE_LIMIT_DEFAULT;
      const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      if (limit >= 1 && limit <= PAGE_LIMIT_MAX) return limit;
      context.addIssue(`must be a whole number from 1 to ${PAGE_LIMIT_MAX}`);
      return z.NEVER;
    }),
  cursor: z
    .string()
    .max(CURSOR_LENGTH_MAX)
    .optional()
    .transform((text) => text || undefined),
});

/** A field of a query; empty is as good as absent. */
export function emptyAsAbsent<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}

/** What `read` gives; a cursor that its list never gave is `validation_failed`. */
export async function readPage<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof InvalidCursor)) throw cause;
    const message = 'must be the cursor of the page before';
    throw validationFailed([{ path: 'cursor', message }], cause);
  }
}
