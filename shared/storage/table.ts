/**
 * The `Table` port: items under a partition key and a sort key, with one secondary index.
 * It is the part of DynamoDB that this system uses, and no more.
 */

/**
 * A value that both homes store alike (DynamoDB's JSON types, without sets and binary).
 * Numbers are finite; strings are well-formed Unicode.
 */
export type Value = string | number | boolean | null | readonly Value[] | { [name: string]: Value };

/** Neither is empty; in UTF-8 `pk` has at most 2,048 bytes and `sk` 1,024 (DynamoDB). Keys sort by these bytes. */
export type Key = { readonly pk: string; readonly sk: string };

/**
 * `gsi1pk` and `gsi1sk` together place the item in the index (one alone does not).
 * From `expiresAt` (epoch seconds) on, `get` and `query` hide the item, while conditions and updates still
 * see it until the home sweeps it away some time later. An item has at most 400 KB (DynamoDB).
 */
export type Item = Key & {
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
  readonly expiresAt?: number;
  readonly [attribute: string]: Value | undefined;
};

/**
 * `field` names a top-level attribute, `pk` and `sk` included. `null` is present. `equals` compares nested values
 * deeply, numbers by value. `equals` and `lessThan` do not hold for a missing attribute, `lessThan` not between a
 * string and a number either; strings are ordered by their UTF-8 bytes.
 */
export type Condition =
  | { readonly kind: 'absent'; readonly field: string }
  | { readonly kind: 'present'; readonly field: string }
  | { readonly kind: 'equals'; readonly field: string; readonly value: Value }
  | { readonly kind: 'lessThan'; readonly field: string; readonly value: string | number }
  | { readonly kind: 'and'; readonly all: readonly Condition[] }
  | { readonly kind: 'or'; readonly any: readonly Condition[] };

type PutOp = { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition };
/**
 * `set`, `remove` and `add` name top-level attributes, each at most once and never the key;
 * an item that is not there is made.
 */
export type UpdateOp = {
  readonly kind: 'update';
  readonly key: Key;
  readonly set?: Readonly<Record<string, Value>>;
  readonly remove?: readonly string[];
  /**
   * Adds to a number; an attribute that is not there counts as 0, one that is no number is an error. When an answer is
   * lost on its way, an update may add twice; a transaction of several ops never does.
   */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition?: Condition;
};
type DeleteOp = {
  readonly kind: 'delete';
  readonly key: Key;
  readonly condition?: Condition;
};
type CheckOp = { readonly kind: 'check'; readonly key: Key; readonly condition: Condition };
export type WriteOp = PutOp | UpdateOp | DeleteOp | CheckOp;

export type SortRange =
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** Both ends included. */
  | { readonly kind: 'between'; readonly from: string; readonly to: string };

export type Query = {
  /** `primary` reads strongly; the index may lag behind a write. */
  readonly index: 'primary' | 'gsi1';
  readonly partition: string;
  readonly sort?: SortRange;
  readonly newestFirst?: boolean;
  /** Most items a page, 1 to 1,000. */
  readonly limit?: number;
  /** The `cursor` of the page before. */
  readonly cursor?: string;
};

/** `cursor` is there when more items may follow; a page may be empty and still have one. */
export type Page = { readonly items: readonly Item[]; readonly cursor?: string };

export interface Table {
  /** Reads strongly; `undefined` when the item is not there or has expired. */
  get(key: Key): Promise<Item | undefined>;
  /** A page has at most `limit` items and about 1 MiB. Throws `InvalidCursor`. */
  query(query: Query): Promise<Page>;
  /** Does all of 1 to 100 ops or none; two ops on one key are an error. Throws `ConditionFailed` with the index of the first op that was refused. */
  write(...ops: readonly WriteOp[]): Promise<void>;
  /** One update that answers the item as it is after it. Throws `ConditionFailed`. */
  update(op: UpdateOp): Promise<Item>;
}

/** DynamoDB's limit of one transaction (100 actions). */
export const TRANSACTION_OPS_MAX = 100;

/** A condition did not hold. Nothing was written. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  /** The position of the op among those of the call. */
  readonly opIndex: number;

  constructor(opIndex: number, options?: ErrorOptions) {
    super(`The condition of op ${opIndex} did not hold.`, options);
    this.opIndex = opIndex;
  }
}

/** The cursor is not one of this query (same index, partition, range and direction), or was tampered with. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';

  constructor(options?: ErrorOptions) {
    super('The cursor is not one that this query gave.', options);
  }
}
