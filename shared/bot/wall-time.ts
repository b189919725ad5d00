/** In the order of a week that begins on Monday (ISO 8601). */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const WEEKDAY_NAMES: readonly string[] = WEEKDAYS;

/** What the clock on the wall shows. */
export type WallTime = {
  /** 0 is Monday. */
  readonly weekday: number;
  /** Since midnight, as the clock shows it: an hour that a change of the clocks skips is never shown. */
  readonly minutes: number;
};

/** Making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();
/** More zones than there are in the registry, with every offset: nothing that grows for ever. */
const FORMATS_MAX = 1_000;

/** `timeZone` as settings keep it: an IANA name, or an offset like `+1` or `-03:30`. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { weekday = '', hour, minute } = parts;
  const day = WEEKDAY_NAMES.indexOf(weekday.toLowerCase());
  return { weekday: day, minutes: Number(hour) * 60 + Number(minute) };
}

/** As Intl takes it: an offset has two digits for hours, and for minutes. */
export function toIntlZone(timeZone: string): string {
  const [, sign, hours, minutes = '00'] = /^([+-])(\d{1,2})(?::(\d\d))?$/.exec(timeZone) ?? [];
  return hours === undefined ? timeZone : `${sign}${hours.padStart(2, '0')}:${minutes}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: toIntlZone(timeZone),
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(timeZone, format);
  return format;
}
