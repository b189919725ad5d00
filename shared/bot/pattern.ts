import { RE2JS, RE2JSSyntaxException } from 're2js';

const PATTERN_LENGTH_MAX = 512;
/**
 * Instructions. Each takes up to 20 ns for each character of a text, so that the largest program takes 80 ms for the
 * longest one; 512 letters as they stand make 515 instructions.
 */
export const PROGRAM_SIZE_MAX = 1_000;

export type Pattern = {
  /** Of its program, in instructions. */
  readonly size: number;
  /** Whether it finds something in a text, in time that grows with size and text alone (RE2's automata). */
  readonly finds: (text: string) => boolean;
};

/** Throws for what `checkPattern` objects to. */
export function compilePattern(
  pattern: string,
  { caseSensitive }: { caseSensitive: boolean },
): Pattern {
  const compiled = RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  return { size: compiled.programSize(), finds: (text) => compiled.matcher(text).find() };
}

/** What is wrong with a customer's pattern; `undefined` when nothing is. RE2 knows no look-around and no references. */
export function checkPattern(pattern: string): string | undefined {
  if (pattern === '') return 'must not be empty';
  if (pattern.length > PATTERN_LENGTH_MAX) {
    return `must have at most ${PATTERN_LENGTH_MAX} characters`;
  }
  try {
    const { size } = compilePattern(pattern, { caseSensitive: false });
    return size > PROGRAM_SIZE_MAX ? 'repeats too much' : undefined;
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    return `must be a regular expression as RE2 knows them: ${cause.message}`;
  }
}
