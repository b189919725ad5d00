import type { z } from 'zod';
import { DomainError, type ErrorDetail } from '#shared/domain/error.ts';
import { illFormedTexts } from './ill-formed-texts.ts';
import { isMissing, wordsOf } from './issue-words.ts';
import { isObject, readJsonInText } from './parse-json.ts';

/** A coerced object may hold fields to coerce: forms nest no deeper than this. */
const COERCE_ROUNDS_MAX = 3;
/** More than anybody mends at once. */
const DETAILS_MAX = 100;
/** Beyond any path of a field of ours; the keys of a body may have megabytes. */
const PATH_LENGTH_MAX = 200;

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
  const illFormed = illFormedTexts(input);
  if (result.success && illFormed.length === 0) return result.data;
  const faults = withoutConsequences(result.error?.issues ?? []).flatMap((issue) =>
    toDetails(issue, input),
  );
  const told = new Set(faults.map(({ path }) => path));
  const further = illFormed.filter(({ path }) => !told.has(path));
  throw validationFailed([...faults, ...further], result.error);
}

/** A refusal that names each fault, up to as many as somebody may want to read: the caller makes up keys at will. */
export function validationFailed(faults: readonly ErrorDetail[], cause?: unknown): DomainError {
  const details = faults.slice(0, DETAILS_MAX).map(withShortPath);
  const summary = details.map(({ path, message }) => `${path || 'body'} ${message}`).join('; ');
  const more = faults.length - details.length;
  const words = `The request is not valid: ${summary}${more > 0 ? `; and ${more} more faults` : ''}`;
  return new DomainError('validation_failed', words.endsWith('.') ? words : `${words}.`, {
    details,
    cause,
  });
}

function withShortPath({ path, message }: ErrorDetail): ErrorDetail {
  if (path.length <= PATH_LENGTH_MAX) return { path, message };
  return { path: `${path.slice(0, PATH_LENGTH_MAX)}…`, message };
}

type Issue = z.core.$ZodIssue;

/** What is of a wrong type is not also too long: zod counts the characters of a text where a list should be. */
function withoutConsequences(issues: readonly Issue[]): Issue[] {
  const ofWrongType = new Set(
    issues.filter(({ code }) => code === 'invalid_type').map((issue) => pathOf(issue)),
  );
  return issues.filter((issue) => issue.code === 'invalid_type' || !ofWrongType.has(pathOf(issue)));
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

/** A copy in which each text at a fault of type is read as the type that was wanted. Throws `validation_failed`. */
function coerce(input: unknown, issues: readonly Issue[]): unknown {
  const copy: unknown = copyOfFields(input);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue;
    const parent = valueAt(copy, issue.path.slice(0, -1));
    const name = issue.path.at(-1);
    if (!isObject(parent) || typeof name !== 'string') continue;
    const field = parent[name];
    if (typeof field === 'string') parent[name] = readAs(issue.expected, field, pathOf(issue));
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

function readAs(expected: string, text: string, path: string): unknown {
  switch (expected) {
    case 'boolean':
      return BOOLEANS.get(text) ?? text;
    case 'number':
    case 'int':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'object':
    case 'record':
    case 'array':
      return readNested(text, path);
    default:
      return text;
  }
}

function readNested(text: string, path: string): unknown {
  const read = readJsonInText(text);
  switch (read.kind) {
    case 'json':
      return read.value;
    case 'no_json':
      return text;
    case 'harmful':
      throw validationFailed([{ path, message: read.fault }]);
  }
}
