import type { ErrorDetail } from '#shared/domain/error.ts';
import { isObject } from './parse-json.ts';

const MESSAGE = 'must be well-formed text: it has half of a surrogate pair';

type Nested = { readonly value: unknown; readonly path: string };

/**
 * The texts with halves of surrogate pairs, which JSON can write and UTF-8 cannot: they would go out as other
 * characters than the caller's. What is walked is no deeper than a body may be.
 */
export function illFormedTexts(root: unknown): ErrorDetail[] {
  const found: ErrorDetail[] = [];
  const waiting: Nested[] = [{ value: root, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && !value.isWellFormed()) found.push({ path, message: MESSAGE });
    if (isObject(value) || Array.isArray(value)) waiting.push(...fieldsOf(value, path));
  }
  return found;
}

function fieldsOf(value: object, path: string): Nested[] {
  return Object.entries(value)
    .reverse()
    .map(([name, field]) => ({ value: field, path: path === '' ? name : `${path}.${name}` }));
}
