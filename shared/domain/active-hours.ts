import * as z from 'zod';
import type { ErrorDetail } from './error.ts';
import type { Settings } from './settings.ts';

const ALWAYS = 'always';
const TIME = /^(\d{1,2}):([0-5]\d)$/;
const DAY_MINUTES = 24 * 60;

/** One end of the active hours: `always`, or a time of day from 0:00 to 24:00, which is kept as `HH:MM`. */
export const ActiveTime = z.string().transform((text, context) => {
  const time = text === ALWAYS ? ALWAYS : parseTime(text);
  if (time !== undefined) return time;
  context.addIssue('must be always, or a time from 0:00 to 24:00');
  return z.NEVER;
});

function parseTime(text: string): string | undefined {
  const minutes = minutesOf(text);
  return minutes === undefined || minutes > DAY_MINUTES ? undefined : text.padStart(5, '0');
}

/** Since midnight. `undefined` for what is no time of day. */
export function minutesOf(text: string): number | undefined {
  const [, hours, minutes] = TIME.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * What is wrong with the two ends together. `to` before `from` is no fault: the hours go over midnight. 0:00 to 24:00
 * is the whole day.
 */
export function faultOfHours({ from, to }: Settings['active_hours']): ErrorDetail | undefined {
  const fromMinutes = minutesOf(from);
  const toMinutes = minutesOf(to);
  if (fromMinutes === undefined || toMinutes === undefined) {
    if (from === to) return undefined;
    return {
      path: to === ALWAYS ? 'to' : 'from',
      message: 'must not be always alone: both or none',
    };
  }
  if (fromMinutes !== toMinutes && fromMinutes % DAY_MINUTES !== toMinutes) return undefined;
  return { path: 'to', message: 'must be another time than from; the whole day is always' };
}
