import {
  type Item,
  type Key,
  TRANSACTION_OPS_MAX,
  type UpdateOp,
  type Value,
  type WriteOp,
} from '../table.ts';

/** DynamoDB's limits. */
const PARTITION_KEY_BYTES_MAX = 2_048;
const SORT_KEY_BYTES_MAX = 1_024;
/** The port's limit of one page. */
const PAGE_ITEMS_MAX = 1_000;

/** The key that an op is about. */
export function keyOf(op: WriteOp): Key {
  const { pk, sk } = op.kind === 'put' ? op.item : op.key;
  return { pk, sk };
}

/** Throws a `RangeError` or `TypeError` for a key that DynamoDB would not take. */
export function checkKey({ pk, sk }: Key): void {
  checkText('pk', pk, PARTITION_KEY_BYTES_MAX);
  checkText('sk', sk, SORT_KEY_BYTES_MAX);
}

/**
 * Looks at the attributes that the home itself reads: an update can set them to any value, whatever the type of `Item`
 * says. Throws a `RangeError` or `TypeError`.
 */
export function checkPlace({ gsi1pk, gsi1sk, expiresAt }: Readonly<Partial<Item>>): void {
  if (gsi1pk !== undefined) checkText('gsi1pk', gsi1pk, PARTITION_KEY_BYTES_MAX);
  if (gsi1sk !== undefined) checkText('gsi1sk', gsi1sk, SORT_KEY_BYTES_MAX);
  if (expiresAt !== undefined && typeof expiresAt !== 'number') {
    throw new TypeError('expiresAt is a number of seconds.');
  }
}

/** Throws a `RangeError` or `TypeError` for ops that are no transaction. */
export function checkOps(ops: readonly WriteOp[]): void {
  if (ops.length < 1 || ops.length > TRANSACTION_OPS_MAX) {
    throw new RangeError(`A transaction has 1 to ${TRANSACTION_OPS_MAX} ops.`);
  }
  const keys = ops.map(keyOf);
  for (const key of keys) checkKey(key);
  if (new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk]))).size !== keys.length) {
    throw new RangeError('A transaction has at most one op for an item.');
  }
  for (const op of ops) if (op.kind === 'update') checkNames(op);
}

/** The most items that a page may have. Throws a `RangeError`. */
export function pageLimit(limit = PAGE_ITEMS_MAX): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_ITEMS_MAX) {
    throw new RangeError(`A page has 1 to ${PAGE_ITEMS_MAX} items.`);
  }
  return limit;
}

/** Throws a `TypeError` for a number that is not finite: no home can keep it. */
export function checkNumber(value: number): void {
  if (!Number.isFinite(value)) throw new TypeError('A number in an item is finite.');
}

/** Whether `get` and `query` hide the item. */
export function hasExpired({ expiresAt }: Item, nowMs: number): boolean {
  return expiresAt !== undefined && expiresAt <= nowMs / 1_000;
}

function checkText(name: string, value: Value, bytesMax: number): void {
  if (typeof value !== 'string') throw new TypeError(`${name} is a string.`);
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > bytesMax || !value.isWellFormed()) {
    throw new RangeError(`${name} is well-formed Unicode of 1 to ${bytesMax} bytes.`);
  }
}

function checkNames({ set, remove, add }: UpdateOp): void {
  const names = [...Object.keys(set ?? {}), ...(remove ?? []), ...Object.keys(add ?? {})];
  if (new Set(names).size !== names.length) {
    throw new TypeError('An update names an attribute twice.');
  }
  if (names.includes('pk') || names.includes('sk')) {
    throw new TypeError('An update cannot change the key of an item.');
  }
}
