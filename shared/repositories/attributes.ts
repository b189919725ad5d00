import type { Value } from '../storage/table.ts';

/** A record's attributes as the table stores them: what is `undefined` is left out, at every depth. */
export function toAttributes(record: object): Record<string, Value> {
  const kept = Object.entries(record).filter(([, value]) => value !== undefined);
  // `fromEntries` makes own properties, where an assignment to `__proto__` would change what the object is.
  return Object.fromEntries(kept.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(toValue);
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      return toAttributes(value);
    default:
      throw new TypeError(`A ${typeof value} cannot be stored.`);
  }
}
