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

const TOKEN = / ?\[(name|number|bot_name|date|time)\]/giu;

/**
 * Puts values where a text names them, once: what a value holds is never looked at again. Where nothing is known, the
 * token goes with the space before it. `[date]` and `[time]` are in the bot's language and time zone.
 */
export function fillTokens(text: string, values: TokenValues, locale: Locale): string {
  return text.replace(TOKEN, (found, token: string) => {
    const value = wordsFor(token.toLowerCase(), values, locale);
    if (value === '') return '';
    return found.startsWith(' ') ? ` ${value}` : value;
  });
}

function wordsFor(token: string, { name, number, botName }: TokenValues, locale: Locale): string {
  switch (token) {
    case 'name':
      return name?.trim() ?? '';
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

function shown({ language, timeZone, now }: Locale, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...style, timeZone: toIntlZone(timeZone) }).format(
    now,
  );
}
