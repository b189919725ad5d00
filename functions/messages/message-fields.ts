import * as z from 'zod';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { ChatId } from '#shared/domain/recipient.ts';
import { numberAsText } from '../http/number-as-text.ts';

/** Whom a message goes to, in the body of a call. */
export const ChatIdField = numberAsText(ChatId);

/** The text of a message, in the body of a call. */
export const TextField = z.string().min(1).max(TEXT_LENGTH_MAX);

/** The text under a picture; empty is as good as absent. */
export const CaptionField = z.string().max(TEXT_LENGTH_MAX).optional();

/** A field that a call may leave out, or leave empty as the customer's page does. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), schema.optional());
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && !(value instanceof Blob) && Object.keys(value).length === 0;
}
