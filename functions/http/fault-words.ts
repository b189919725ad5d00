import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a field, in words that go on from its name. Zod's own begin with what kind of fault it is. */
export function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int') return 'must be a whole number';
      return issue.message.replace(/^Invalid input: expected (\S+),.*$/, 'must be of type $1');
    case 'invalid_value':
      return isOwnWords(issue) ? issue.message : `must be ${choiceOf(issue.values.map(String))}`;
    case 'too_small':
      return boundWords(issue.origin, 'least', issue.minimum);
    case 'too_big':
      return boundWords(issue.origin, 'most', issue.maximum);
    default:
      return issue.message;
  }
}

/** Whether there is nothing where something must be, and the schema has no better words for it. */
export function isMissing(issue: Issue, value: unknown): boolean {
  if (value !== undefined) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && !isOwnWords(issue));
}

/** Whether the schema brought its own words. */
function isOwnWords({ message }: Issue): boolean {
  return !/^Invalid (input|option)\b/.test(message);
}

function choiceOf([first = 'another value', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `one of ${[first, ...others].join(', ')}`;
}

function boundWords(origin: string, which: 'least' | 'most', bound: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be at ${which} ${bound}`;
  if (which === 'least' && bound === 1) return 'must not be empty';
  return `must have at ${which} ${bound} ${unit}`;
}

/** Of what has a length; numbers have none. */
const UNITS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'items',
  set: 'items',
  map: 'items',
  file: 'bytes',
};
