import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Zod's own messages begin with what kind of fault it is; ours go on from the field's name. A schema's own stays. */
export function wordsOf(issue: Issue): string {
  if (!isZods(issue)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int'
        ? 'must be a whole number'
        : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    default:
      return issue.message;
  }
}

/** Whether there is nothing where something must be, and the schema has no better words for it. */
export function isMissing(issue: Issue, value: unknown): boolean {
  if (value !== undefined) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && isZods(issue));
}

/** Whether the schema brought no words of its own. */
function isZods({ message }: Issue): boolean {
  return /^(?:Invalid (?:input|option)|Too (?:small|big)):/.test(message);
}

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  if (isNumber(origin)) return `must be at least ${minimum}`;
  const isEmpty = origin === 'string' && minimum === 1;
  return isEmpty ? 'must not be empty' : `must have at least ${count(origin, minimum)}`;
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  return isNumber(origin)
    ? `must be at most ${maximum}`
    : `must have at most ${count(origin, maximum)}`;
}

function isNumber(origin: string): boolean {
  return origin === 'number' || origin === 'int';
}

function count(origin: string, limit: number | bigint): string {
  const unit = origin === 'string' ? 'character' : 'item';
  return limit === 1 ? `1 ${unit}` : `${limit} ${unit}s`;
}
