import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { checkNumber } from '../rules/table-rules.ts';
import type { Item, Value } from '../table.ts';

/** An item in DynamoDB's own form. */
export type StoredItem = Record<string, AttributeValue>;

/**
 * The item in DynamoDB's form; what is `undefined` is left out, at every depth. `marshall` of the SDK would lose an
 * attribute with the name `__proto__`, refuse a map that has one called `constructor`, and read a great number back as
 * a `bigint`. Throws a `TypeError` for a number that is not finite.
 */
export function encodeItem(item: Readonly<Record<string, Value | undefined>>): StoredItem {
  const kept = Object.entries(item).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, encodeValue(value)] as const],
  );
  return Object.fromEntries(kept);
}

export function encodeValue(value: Value): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return encodeNumber(value);
  return isList(value) ? { L: value.map(encodeValue) } : { M: encodeItem(value) };
}

/** The table holds only what `encodeItem` made, so its shape is trusted. */
export function decodeItem(stored: StoredItem): Item {
  return decodeMap(stored) as Item;
}

function encodeNumber(value: number): AttributeValue {
  checkNumber(value);
  return { N: String(value) };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function decodeMap(map: StoredItem): { [name: string]: Value } {
  const entries = Object.entries(map);
  return Object.fromEntries(entries.map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue({ S, N, BOOL, L, M }: AttributeValue): Value {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (BOOL !== undefined) return BOOL;
  if (L !== undefined) return L.map(decodeValue);
  return M === undefined ? null : decodeMap(M);
}
