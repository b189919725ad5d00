import * as z from 'zod';

const NAME = /^[A-Za-z][\w+\-/]*$/;
const OFFSET = /^([+-])(\d{1,2})(?::([0-5]\d))?$/;
/** The fixed offsets that are in use somewhere in the world. */
const OFFSET_MIN = -12 * 60;
const OFFSET_MAX = 14 * 60;

/**
 * A time zone: an IANA name that the runtime knows, or a fixed offset from UTC of −12:00 to +14:00. It is kept in one
 * form: names in the registry's capitals, offsets as `+1` or, where there are minutes, `-03:30`.
 */
export const TimeZone = z.string().transform((text, context) => {
  const timeZone = parseName(text) ?? parseOffset(text);
  if (timeZone !== undefined) return timeZone;
  context.addIssue(
    'must be a time zone like Africa/Harare, or an offset like +1 or -03:30, from -12:00 to +14:00',
  );
  return z.NEVER;
});

function parseName(text: string): string | undefined {
  if (!NAME.test(text)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    // Of an old name the runtime tells the new one, or a newer one's old: then the caller's word stays.
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function parseOffset(text: string): string | undefined {
  const [, sign, hoursText, minutesText = '00'] = OFFSET.exec(text) ?? [];
  if (hoursText === undefined) return undefined;
  const size = Number(hoursText) * 60 + Number(minutesText);
  const offset = sign === '-' ? -size : size;
  if (offset < OFFSET_MIN || offset > OFFSET_MAX) return undefined;
  const shownSign = offset < 0 ? '-' : '+';
  if (minutesText === '00') return `${shownSign}${Number(hoursText)}`;
  return `${shownSign}${hoursText.padStart(2, '0')}:${minutesText}`;
}
