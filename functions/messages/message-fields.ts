import * as z from 'zod';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { ChatId, PersonId } from '#shared/domain/recipient.ts';
import { numberAsText } from '../http/number-as-text.ts';

/** Whom a message goes to, in the body of a call. */
export const ChatIdField = numberAsText(ChatId);

/** One of the people whom a message names. */
export const PersonField = numberAsText(PersonId);

/** The text of a message, in the body of a call. WhatsApp's apps send no blanks alone. */
export const TextField = z
  .string()
  .min(1, { abort: true })
  .max(TEXT_LENGTH_MAX)
  .refine((text) => text.trim() !== '', 'must not be blank');

/** The text under a picture; empty is as good as absent. */
export const CaptionField = optional(z.string().max(TEXT_LENGTH_MAX));

/** A field that a call may leave out, or leave empty as the customer's page does; `null` is empty, too. */
export function optional<S extends z.ZodType>(schema: S) {
  return emptyAsAbsent(schema.optional());
}

/** The same for a schema that says what holds when nothing is said. */
export function emptyAsAbsent<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), schema);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && !(value instanceof Blob) && Object.keys(value).length === 0;
}
