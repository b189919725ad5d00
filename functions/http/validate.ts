import type { z } from 'zod';
import { DomainError, type ErrorDetail } from '#shared/domain/error.ts';
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
  const details = result.error.issues.flatMap((issue) => toDetails(issue, input));
  throw validationFailed(details, result.error);
}

export function validationFailed(details: readonly ErrorDetail[], cause?: unknown): DomainError {
  const summary = details.map(({ path, message }) => `${path || 'body'} ${message}`).join('; ');
  return new DomainError('validation_failed', `The request is not valid: ${summary}.`, {
    details,
    cause,
  });
}

type Issue = z.core.$ZodIssue;

function toDetails(issue: Issue, input: unknown): ErrorDetail[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf(issue, key), message: 'is not known here' }));
  }
  const isMissing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
  return [{ path: pathOf(issue), message: isMissing ? 'is required' : wordsOf(issue) }];
}

function pathOf({ path }: Issue, ...further: PropertyKey[]): string {
  return [...path, ...further].join('.');
}

/** Zod's own messages begin with what kind of fault it is; ours go on from the field's name. */
function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.replace(/^Invalid input: expected (\S+),.*$/, 'must be of type $1');
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must have at least ${issue.minimum} ${unitOf(issue.origin)}`;
    case 'too_big':
      return `must have at most ${issue.maximum} ${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'items';
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
