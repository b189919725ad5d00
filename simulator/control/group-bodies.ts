import * as z from 'zod';

import { MEMBERS_MAX } from '#simulator/groups/groups.ts';

import { PhoneNumber } from './schemas.ts';

const SUBJECT_CHARS_MAX = 100;
const DESCRIPTION_CHARS_MAX = 2_048;

export const GroupBody = z.strictObject({
  subject: z.string().min(1).max(SUBJECT_CHARS_MAX),
  participants: z.array(PhoneNumber).min(1).max(MEMBERS_MAX),
  addressingMode: z.enum(['lid', 'pn']).default('lid'),
});

export const GroupParams = z.strictObject({ number: PhoneNumber, id: z.string().min(1) });

const Numbers = z.array(PhoneNumber).min(1).max(MEMBERS_MAX);
const whoOf = <Kind extends string>(kind: Kind) =>
  Numbers.transform((who) => ({ kind, who })).optional();

/** Everything that a phone can do to a group; each one knows its kind. */
const changes = {
  add: whoOf('add'),
  remove: whoOf('remove'),
  promote: whoOf('promote'),
  demote: whoOf('demote'),
  leave: z
    .literal(true)
    .transform(() => ({ kind: 'leave' as const }))
    .optional(),
  subject: z
    .string()
    .min(1)
    .max(SUBJECT_CHARS_MAX)
    .transform((text) => ({ kind: 'subject' as const, text }))
    .optional(),
  description: z
    .string()
    .min(1)
    .max(DESCRIPTION_CHARS_MAX)
    .transform((text) => ({ kind: 'description' as const, text }))
    .optional(),
  request: z
    .literal(true)
    .transform(() => ({ kind: 'request' as const }))
    .optional(),
};

/** Exactly one change. */
export const GroupChangeBody = z.strictObject(changes).transform((given, context) => {
  const [change, ...others] = Object.values(given).filter((one) => one !== undefined);
  if (change && others.length === 0) return change;
  context.addIssue(`Give exactly one of ${Object.keys(changes).join(', ')}.`);
  return z.NEVER;
});
export type GroupChangeBody = z.infer<typeof GroupChangeBody>;
