import { minutesOf } from '../domain/active-hours.ts';
import type { Settings } from '../domain/settings.ts';
import { WEEKDAYS, wallTime } from './wall-time.ts';

export type ActiveTime =
  | { readonly kind: 'active' }
  /** The day, or the day on which the hours began, is not one of the bot's. */
  | { readonly kind: 'inactive_day' }
  | { readonly kind: 'inactive_hour' };

type Times = Pick<Settings, 'bot_timezone' | 'active_days' | 'active_hours'>;

const DAY_MINUTES = 24 * 60;

/**
 * Whether the bot is active, by the clock on the wall in its time zone: from `from` on, until just before `to`. Hours
 * that go over midnight belong to the day on which they begin.
 */
export function activeTime(
  { bot_timezone, active_days, active_hours }: Times,
  now: Date,
): ActiveTime {
  const { weekday, minutes } = wallTime(now, bot_timezone);
  const dayBefore = (weekday + WEEKDAYS.length - 1) % WEEKDAYS.length;
  const isActiveOn = (day: number) => active_days[WEEKDAYS[day] ?? 'monday'];
  const hours = toRange(active_hours);
  if (hours === undefined) return whether(isActiveOn(weekday));
  const { from, to } = hours;
  if (from < to) {
    return from <= minutes && minutes < to
      ? whether(isActiveOn(weekday))
      : { kind: 'inactive_hour' };
  }
  if (minutes >= from) return whether(isActiveOn(weekday));
  return minutes < to ? whether(isActiveOn(dayBefore)) : { kind: 'inactive_hour' };
}

function whether(isActive: boolean): ActiveTime {
  return isActive ? { kind: 'active' } : { kind: 'inactive_day' };
}

/** `undefined` when the hours are all day. 24:00 as a beginning is that of the next day. */
function toRange({ from, to }: Settings['active_hours']): { from: number; to: number } | undefined {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin === undefined || end === undefined) return undefined;
  return { from: begin % DAY_MINUTES, to: end };
}
