import type { Item, Key, Value } from '../table.ts';

const PARTITION_KEY_BYTES_MAX = 2_048;
const SORT_KEY_BYTES_MAX = 1_024;
/** DynamoDB's limit of one item. */
const ITEM_BYTES_MAX = 400 * 1_024;

/** A row of the table `items`; `data` is the whole item as JSON, the other columns are for the indexes. */
export type ItemRow = {
  readonly pk: string;
  readonly sk: string;
  readonly gsi1pk: string | null;
  readonly gsi1sk: string | null;
  readonly expiresAt: number | null;
  readonly data: string;
  /** Of `data`, in UTF-8. */
  readonly bytes: number;
};

/** Throws a `RangeError` or `TypeError` for an item that DynamoDB would not take. */
export function encodeItem(item: Item): ItemRow {
  checkKey(item);
  const { gsi1pk, gsi1sk } = item;
  if (gsi1pk !== undefined) checkText('gsi1pk', gsi1pk, PARTITION_KEY_BYTES_MAX);
  if (gsi1sk !== undefined) checkText('gsi1sk', gsi1sk, SORT_KEY_BYTES_MAX);
  const inIndex = gsi1pk !== undefined && gsi1sk !== undefined;
  const data = JSON.stringify(item, refuseWhatJsonLoses);
  const bytes = Buffer.byteLength(data);
  if (bytes > ITEM_BYTES_MAX) {
    throw new RangeError(`An item has at most ${ITEM_BYTES_MAX} bytes.`);
  }
  return {
    pk: item.pk,
    sk: item.sk,
    gsi1pk: inIndex ? gsi1pk : null,
    gsi1sk: inIndex ? gsi1sk : null,
    expiresAt: encodeExpiry(item.expiresAt),
    data,
    bytes,
  };
}

/** Throws a `RangeError` or `TypeError` for a key that DynamoDB would not take. */
export function checkKey({ pk, sk }: Key): void {
  checkText('pk', pk, PARTITION_KEY_BYTES_MAX);
  checkText('sk', sk, SORT_KEY_BYTES_MAX);
}

/** The rows are our own writing, so their shape is trusted. */
export function decodeItem(data: string): Item {
  return JSON.parse(data) as Item;
}

/** An update can set these to any value, whatever the type of `Item` says; so they are looked at here. */
function checkText(name: string, value: Value, bytesMax: number): void {
  if (typeof value !== 'string') throw new TypeError(`${name} is a string.`);
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > bytesMax || !value.isWellFormed()) {
    throw new RangeError(`${name} is well-formed Unicode of 1 to ${bytesMax} bytes.`);
  }
}

function encodeExpiry(value: Value | undefined): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'number') throw new TypeError('expiresAt is a number of seconds.');
  return value;
}

function refuseWhatJsonLoses(_name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError('A number in an item is finite.');
  }
  return value;
}
