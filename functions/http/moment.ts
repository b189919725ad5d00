import * as z from 'zod';

/** Seconds since 1970 are below, milliseconds above. */
const MS_FROM = 100_000_000_000;
const EXPECTED = 'must be a time like 2026-11-25T09:30:00Z';

/** A time with its offset, or seconds or milliseconds since 1970. */
export const Moment = z
  .union(
    [
      z.iso.datetime({ offset: true, error: EXPECTED }),
      z.int().min(0),
      // Forms and queries know text alone.
      z
        .string()
        .regex(/^\d{1,16}$/, EXPECTED)
        .transform(Number),
    ],
    EXPECTED,
  )
  .transform((moment, context): Date => {
    const date = new Date(typeof moment === 'number' && moment < MS_FROM ? moment * 1_000 : moment);
    if (!Number.isNaN(date.getTime())) return date;
    context.addIssue('must be a time');
    return z.NEVER;
  });
