import { toIntlZone } from './wall-time.ts';

/** What a text may name in square brackets. */
export type TokenValues = {
  /** As the person calls himself on WhatsApp. */
  readonly name?: string | undefined;
  /** In international form, digits alone. */
  readonly number?: string | undefined;
  readonly botName: string;
};

export type Locale = {
  readonly language: string;
  readonly timeZone: string;
  readonly now: Date;
};

/** With the space before it, or behind it where it begins a line. */
const TOKEN =
  /^\[(name|number|bot_name|date|time)\]( ?)|( ?)\[(name|number|bot_name|date|time)\]/gimu;

/** WhatsApp's apps let nobody have a name of more than 25 characters; what is sent past them may be anything. */
const NAME_LENGTH_MAX = 100;

/**
 * Puts values where a text names them, once: what a value holds is never looked at again. Where nothing is known, the
 * token goes with a space beside it. `[date]` and `[time]` are in the bot's language and time zone.
 */
export function fillTokens(text: string, values: TokenValues, locale: Locale): string {
  // A text may name one thing a thousand times.
  const known = new Map<string, string>();
  return text.replace(TOKEN, (...[, first, behind = '', before = '', later]: string[]) => {
    const token = (first ?? later ?? '').toLowerCase();
    const value = known.get(token) ?? wordsFor(token, values, locale);
    known.set(token, value);
    return value === '' ? '' : `${before}${value}${behind}`;
  });
}

function wordsFor(token: string, { name, number, botName }: TokenValues, locale: Locale): string {
  switch (token) {
    case 'name':
      return name === undefined ? '' : toShownName(name);
    case 'number':
      return number ?? '';
    case 'bot_name':
      return botName;
    case 'date':
      return shown(locale, { dateStyle: 'long' });
    default:
      return shown(locale, { timeStyle: 'short' });
  }
}

/** Marks that turn the direction of what follows them, which would be the rest of the message. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
/** U+2800 is a sign of Braille without dots: with it and its like people call themselves nothing. */
const UNSEEN = /[\s\u2800\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/** On one line. Empty where there is nothing to see. */
function toShownName(name: string): string {
  if (name.replace(UNSEEN, '') === '') return '';
  const line = name.replace(TURNING, '').replace(/[\s\p{Cc}]+/gu, ' ');
  return Array.from(line.trim()).slice(0, NAME_LENGTH_MAX).join('');
}

function shown({ language, timeZone, now }: Locale, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...style, timeZone: toIntlZone(timeZone) }).format(
    now,
  );
}
