import type { Message } from './message.ts';

/** Crockford's base 32, in which ULIDs are written: its order is that of the numbers. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;

/**
 * The place of a message in its outbox, which is in the order in which messages are due: its own id, or for one that
 * is to be sent later, the id that it would have if it were accepted then.
 */
export function dueKeyOf({ messageId, sendAt }: Pick<Message, 'messageId' | 'sendAt'>): string {
  if (sendAt === undefined) return messageId;
  return timePrefix(new Date(sendAt)) + messageId.slice(TIME_DIGITS);
}

/** No message that is due by then has a greater key. */
export function lastDueKey(by: Date): string {
  return timePrefix(by) + 'Z'.repeat(16);
}

/** The first ten characters of a ULID: milliseconds since 1970. */
function timePrefix(at: Date): string {
  let rest = at.getTime();
  let prefix = '';
  for (let index = 0; index < TIME_DIGITS; index += 1) {
    prefix = (DIGITS[rest % DIGITS.length] ?? '') + prefix;
    rest = Math.floor(rest / DIGITS.length);
  }
  return prefix;
}
