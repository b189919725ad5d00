import * as z from 'zod';

/** Takes a phone number that was sent as a JSON number, too. */
export function numberAsText<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value),
    schema,
  );
}
