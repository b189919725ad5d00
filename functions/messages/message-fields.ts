import * as z from 'zod';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { ChatId } from '#shared/domain/recipient.ts';
import { numberAsText } from '../http/number-as-text.ts';

/** Whom a message goes to, in the body of a call. */
export const ChatIdField = numberAsText(ChatId);

/** The text of a message, in the body of a call. */
export const TextField = z.string().min(1).max(TEXT_LENGTH_MAX);

/** A field of the customer's page that is to come: empty is as good as absent, anything else is refused. */
export const NotYet = z.unknown().refine(isEmpty, 'is not supported yet').optional();

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
