import * as z from 'zod';
import { DomainError } from '#shared/domain/error.ts';
import { type Message, VALID_S_DEFAULT } from '#shared/domain/message.ts';
import { Moment } from '../http/moment.ts';
import { validationFailed } from '../http/validate.ts';
import { optional, PersonField } from './message-fields.ts';

const DAY_S = 24 * 3_600;
const EXPIRES_IN_S_MAX = 30 * DAY_S;
const SEND_AT_AHEAD_S_MAX = 30 * DAY_S;
/** More than a group has people to name at once. */
const MENTIONS_MAX = 256;
/** What every call that sends may say about when. */
export const SEND_OPTIONS = {
  expiresIn: optional(z.int().min(1).max(EXPIRES_IN_S_MAX)),
  sendAt: optional(Moment),
} as const;

/** What a message that says something may carry besides: the id of what it answers, and the people it names. */
export const CONTEXT_FIELDS = {
  quotedMessageId: optional(z.string()),
  mentions: optional(z.array(PersonField).max(MENTIONS_MAX)),
} as const;

type SendOptions = z.output<z.ZodObject<typeof SEND_OPTIONS>>;

/** When the message is to be sent, and until when it is worth it. Throws `validation_failed`. */
export function readTimes(
  { expiresIn = VALID_S_DEFAULT, sendAt: at }: SendOptions,
  now: Date,
): Pick<Message, 'sendAt' | 'validUntil'> {
  if (at !== undefined && at.getTime() > now.getTime() + SEND_AT_AHEAD_S_MAX * 1_000) {
    throw validationFailed([{ path: 'sendAt', message: 'must be within 30 days from now' }]);
  }
  // What was to be sent by now is sent now.
  const isLater = at !== undefined && at > now;
  const from = isLater ? at : now;
  return {
    ...(isLater && { sendAt: at.toISOString() }),
    validUntil: new Date(from.getTime() + expiresIn * 1_000).toISOString(),
  };
}

/** The refusal of an id that names no message of the instance. */
export function noSuchMessage(path: string): DomainError {
  return new DomainError('not_found', 'There is no such message.', {
    details: [{ path, message: 'names no message of this instance' }],
  });
}
