import * as z from 'zod';

/** RFC 5646 §4.4.1: room for every tag without extensions. */
const TAG_LENGTH_MAX = 35;

/** A language tag (BCP 47, without extensions) whose language the runtime knows, kept in its canonical form: `pt-BR`. */
export const Language = z.string().transform((text, context) => {
  const tag = parseLanguage(text);
  if (tag !== undefined) return tag;
  context.addIssue('must be a language like en or pt-BR');
  return z.NEVER;
});

function parseLanguage(text: string): string | undefined {
  if (text.length > TAG_LENGTH_MAX) return undefined;
  try {
    const locale = new Intl.Locale(text);
    const isPlain = locale.toString() === locale.baseName;
    return isPlain && isKnown(locale.language) ? locale.baseName : undefined;
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** Asked in English, which a runtime with the data of few languages has, too. */
function isKnown(language: string): boolean {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  return names.of(language) !== undefined;
}
