import { checkKey, checkNumber, checkPlace } from '../rules/table-rules.ts';
import type { Item } from '../table.ts';

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
  checkPlace(item);
  const { gsi1pk, gsi1sk, expiresAt } = item;
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
    expiresAt: expiresAt ?? null,
    data,
    bytes,
  };
}

/** The rows are our own writing, so their shape is trusted. */
export function decodeItem(data: string): Item {
  return JSON.parse(data) as Item;
}

function refuseWhatJsonLoses(_name: string, value: unknown): unknown {
  if (typeof value === 'number') checkNumber(value);
  return value;
}
