import { RE2JS, RE2JSSyntaxException } from 're2js';

const PATTERN_LENGTH_MAX = 512;
/** Instructions: repetitions of repetitions make programs that are large and slow, if linear in the text. */
const PROGRAM_SIZE_MAX = 4_000;

/** Finds something in a text, in time that grows with the text's length alone (RE2's automata). */
export type Pattern = (text: string) => boolean;

/** Throws for what `checkPattern` objects to. */
export function compilePattern(
  pattern: string,
  { caseSensitive }: { caseSensitive: boolean },
): Pattern {
  const compiled = RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  return (text) => compiled.matcher(text).find();
}

/** What is wrong with a customer's pattern; `undefined` when nothing is. RE2 knows no look-around and no references. */
export function checkPattern(pattern: string): string | undefined {
  if (pattern === '') return 'must not be empty';
  if (pattern.length > PATTERN_LENGTH_MAX) {
    return `must have at most ${PATTERN_LENGTH_MAX} characters`;
  }
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > PROGRAM_SIZE_MAX ? 'repeats too much' : undefined;
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    return `must be a regular expression as RE2 knows them: ${cause.message}`;
  }
}
