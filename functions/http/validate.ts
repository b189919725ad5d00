import type { z } from 'zod';
import { DomainError, type ErrorDetail } from '#shared/domain/error.ts';
import { isMissing, wordsOf } from './fault-words.ts';
import { isObject, tryParseJson } from './parse-json.ts';

/** A coerced object may hold fields to coerce: forms nest no deeper than this. */
const COERCE_ROUNDS_MAX = 3;

type Source = {
  readonly value: unknown;
  /** Form fields are text: where the schema wants another type, the text is read as that. */
  readonly isForm?: boolean;
};

/** The value as the schema has it. Throws `validation_failed` with the path of each fault. */
export function validate<S extends z.ZodType>(schema: S, { value, isForm }: Source): z.output<S> {
  let input = value;
  let result = schema.safeParse(input);
  for (let round = 0; isForm && !result.success && round < COERCE_ROUNDS_MAX; round += 1) {
    input = coerce(input, result.error.issues);
    result = schema.safeParse(input);
  }
  if (result.success) return result.data;
  const details = told(result.error.issues).flatMap((issue) => toDetails(issue, input));
  throw validationFailed(details, result.error);
}

export function validationFailed(details: readonly ErrorDetail[], cause?: unknown): DomainError {
  const summary = details.map(({ path, message }) => `${path || 'body'} ${message}`).join('; ');
  // What a fault says may be whole sentences.
  const message = `The request is not valid: ${summary}`.replace(/\.?$/, '.');
  return new DomainError('validation_failed', message, {
    details,
    cause,
  });
}

type Issue = z.core.$ZodIssue;

/** How long something is that is of another type says nothing: Zod tells of it for what has a length by chance. */
function told(issues: readonly Issue[]): readonly Issue[] {
  const mistyped = new Set(
    issues.filter(({ code }) => code === 'invalid_type').map((i) => pathOf(i)),
  );
  return issues.filter((issue) => !isSize(issue) || !mistyped.has(pathOf(issue)));
}

function isSize({ code }: Issue): boolean {
  return code === 'too_small' || code === 'too_big';
}

function toDetails(issue: Issue, input: unknown): ErrorDetail[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf(issue, key), message: 'is not known here' }));
  }
  const message = isMissing(issue, valueAt(input, issue.path)) ? 'is required' : wordsOf(issue);
  return [{ path: pathOf(issue), message }];
}

function pathOf({ path }: Issue, ...further: PropertyKey[]): string {
  return [...path, ...further].join('.');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    const isContainer = typeof value === 'object' && value !== null;
    return isContainer ? Reflect.get(value, step) : undefined;
  }, input);
}

/** A copy in which each text at a fault of type is read as the type that was wanted. */
function coerce(input: unknown, issues: readonly Issue[]): unknown {
  const copy: unknown = copyOfFields(input);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue;
    const parent = valueAt(copy, issue.path.slice(0, -1));
    const name = issue.path.at(-1);
    if (!isObject(parent) || typeof name !== 'string') continue;
    const field = parent[name];
    if (typeof field === 'string') parent[name] = readAs(issue.expected, field);
  }
  return copy;
}

/** Files cannot be cloned deeply and need not be: only plain objects are copied. */
function copyOfFields(value: unknown): unknown {
  if (!isObject(value) || value instanceof Blob) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, copyOfFields(field)]),
  );
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function readAs(expected: string, text: string): unknown {
  switch (expected) {
    case 'boolean':
      return BOOLEANS.get(text) ?? text;
    case 'number':
    case 'int':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'object':
    case 'record':
    case 'array':
      return tryParseJson(text) ?? text;
    default:
      return text;
  }
}
