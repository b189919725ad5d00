import { DomainError } from '#shared/domain/error.ts';

const DEPTH_MAX = 20;
const KEYS_MAX = 10_000;
/** Names with which an object could reach into the prototypes of others. */
export const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Reads JSON that must be an object, within limits of depth and size. Throws `malformed_body` that says where. */
export function parseJsonObject(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (!isObject(value)) throw malformed('The body must be a JSON object.');
  const fault = faultOfNesting(value);
  if (fault !== undefined) throw malformed(`The body ${fault}.`);
  return value;
}

export type JsonInText =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'no_json' }
  | { readonly kind: 'harmful'; readonly fault: string };

/** What a field of a form holds that is JSON, within the same limits as a whole body. */
export function readJsonInText(text: string): JsonInText {
  const value = tryParseJson(text);
  if (value === undefined) return { kind: 'no_json' };
  const fault = typeof value === 'object' && value !== null ? faultOfNesting(value) : undefined;
  return fault === undefined ? { kind: 'json', value } : { kind: 'harmful', fault };
}

/** `undefined` when the text is no JSON. */
function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function malformed(message: string, cause?: unknown): DomainError {
  return new DomainError('malformed_body', message, { cause });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = faultPosition(text, cause);
    const line = text.slice(0, position).split('\n').length;
    const column = position - text.lastIndexOf('\n', position - 1);
    throw malformed(
      `The body is not valid JSON: fault at position ${position} (line ${line}, column ${column}).`,
      cause,
    );
  }
}

/**
 * V8 tells the position in most of its messages. When it shows the faulty character instead, that is the first
 * character with which the text can no longer be the beginning of any JSON: halving finds it.
 */
function faultPosition(text: string, cause: unknown): number {
  const told = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  if (told !== undefined) return Number(told);
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isJsonBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return isJsonBeginning(text) ? text.length : good;
}

function isJsonBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    const isAtEnd = position !== undefined && Number(position) >= text.length;
    return message === 'Unexpected end of JSON input' || isAtEnd;
  }
}

type Nested = { readonly value: object; readonly depth: number };

/** Walks without recursion, so that no depth of nesting can exhaust the stack. */
function faultOfNesting(root: object): string | undefined {
  const waiting: Nested[] = [{ value: root, depth: 1 }];
  let keyCount = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (depth > DEPTH_MAX) return `is nested deeper than ${DEPTH_MAX} levels`;
    const entries = Object.entries(value);
    keyCount += entries.length;
    if (keyCount > KEYS_MAX) return `has more than ${KEYS_MAX} values`;
    const forbidden = entries.find(([key]) => FORBIDDEN_KEYS.includes(key))?.[0];
    if (forbidden !== undefined) return `must not have a key "${forbidden}"`;
    waiting.push(...nestedIn(entries, depth));
  }
  return undefined;
}

function nestedIn(entries: readonly [string, unknown][], depth: number): Nested[] {
  return entries.flatMap(([, value]) =>
    typeof value === 'object' && value !== null ? [{ value, depth: depth + 1 }] : [],
  );
}
