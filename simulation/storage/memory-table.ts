import { applyUpdate } from '#shared/storage/embedded/apply-update.ts';
import { encodeItem } from '#shared/storage/embedded/encode-item.ts';
import { evaluateCondition } from '#shared/storage/embedded/evaluate-condition.ts';
import { compareUtf8 } from '#shared/storage/rules/compare-utf8.ts';
import { decodeCursor, encodeCursor, positionOf } from '#shared/storage/rules/cursor.ts';
import {
  checkKey,
  checkOps,
  hasExpired,
  keyOf,
  pageLimit,
} from '#shared/storage/rules/table-rules.ts';
import {
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type Query,
  type Table,
  type UpdateOp,
  type WriteOp,
} from '#shared/storage/table.ts';

/** DynamoDB ends a page at 1 MB. */
const PAGE_BYTES_MAX = 1_048_576;

type Stored = { readonly item: Item; readonly bytes: number };
type Change = {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
};

export type MemoryTableDeps = {
  readonly now: () => Date;
  /** Hears of every item that was written, in order. */
  readonly onChange?: (change: Change) => void;
};

/** The `Table` port in memory. */
export class MemoryTable implements Table {
  readonly #deps: MemoryTableDeps;
  readonly #partitions = new Map<string, Map<string, Stored>>();
  readonly #index = new Map<string, Map<string, Stored>>();

  constructor(deps: MemoryTableDeps) {
    this.#deps = deps;
  }

  async get(key: Key): Promise<Item | undefined> {
    checkKey(key);
    return this.peek(key);
  }

  /** `get`, at once. */
  peek(key: Key): Item | undefined {
    const item = this.#load(key)?.item;
    return item !== undefined && this.#hasExpired(item) ? undefined : item;
  }

  async query(query: Query): Promise<Page> {
    const limit = pageLimit(query.limit);
    const after = query.cursor === undefined ? undefined : decodeCursor(query, query.cursor);
    const found = this.#select(query, after);
    const page: Item[] = [];
    let bytes = 0;
    for (const stored of found) {
      bytes += stored.bytes;
      if (page.length === limit || (bytes > PAGE_BYTES_MAX && page.length > 0)) break;
      page.push(stored.item);
    }
    const last = page.at(-1);
    if (last === undefined || page.length === found.length) return { items: page };
    return { items: page, cursor: encodeCursor(query, positionOf(query, last)) };
  }

  async write(...ops: readonly WriteOp[]): Promise<void> {
    this.#writeNow(ops);
  }

  async update(op: UpdateOp): Promise<Item> {
    const [stored] = this.#writeNow([op]);
    if (stored === undefined) throw new Error('An item that was updated is there.');
    return stored.item;
  }

  /** Answers what each op has left. */
  #writeNow(ops: readonly WriteOp[]): (Stored | undefined)[] {
    checkOps(ops);
    const refused = ops.findIndex(
      (op) =>
        op.condition !== undefined && !evaluateCondition(op.condition, this.#load(keyOf(op))?.item),
    );
    if (refused !== -1) throw new ConditionFailed(refused);
    // What cannot be stored throws before anything is.
    const results = ops.map((op) => this.#resultOf(op));
    for (const [index, op] of ops.entries()) {
      if (op.kind !== 'check') this.#store(keyOf(op), results[index]);
    }
    return results;
  }

  #resultOf(op: WriteOp): Stored | undefined {
    switch (op.kind) {
      case 'put':
        return toStored(op.item);
      case 'update':
        return toStored(applyUpdate(op, this.#load(op.key)?.item));
      case 'delete':
      case 'check':
        return undefined;
    }
  }

  #load({ pk, sk }: Key): Stored | undefined {
    return this.#partitions.get(pk)?.get(sk);
  }

  #store(key: Key, after: Stored | undefined): void {
    const { pk, sk } = key;
    const before = this.#load(key)?.item;
    if (before !== undefined) this.#unindex(before);
    const partition = partitionOf(this.#partitions, pk);
    if (after === undefined) partition.delete(sk);
    else partition.set(sk, after);
    const { gsi1pk, gsi1sk } = after?.item ?? {};
    if (after !== undefined && gsi1pk !== undefined && gsi1sk !== undefined) {
      partitionOf(this.#index, gsi1pk).set(nameOf(key), after);
    }
    this.#deps.onChange?.({ key, before, after: after?.item });
  }

  #unindex(item: Item): void {
    if (item.gsi1pk !== undefined) this.#index.get(item.gsi1pk)?.delete(nameOf(item));
  }

  #select(query: Query, after: readonly string[] | undefined): Stored[] {
    const { index, partition, sort, newestFirst } = query;
    const source = index === 'primary' ? this.#partitions : this.#index;
    const direction = newestFirst === true ? -1 : 1;
    const places = [...(source.get(partition)?.values() ?? [])]
      .map((stored) => ({ stored, position: positionOf(query, stored.item) }))
      .filter(({ position }) => isInRange(position[0] ?? '', sort))
      .filter(({ stored }) => !this.#hasExpired(stored.item))
      .sort((a, b) => direction * comparePositions(a.position, b.position));
    const rest =
      after === undefined
        ? places
        : places.filter(({ position }) => direction * comparePositions(position, after) > 0);
    return rest.map(({ stored }) => stored);
  }

  #hasExpired(item: Item): boolean {
    return item.expiresAt !== undefined && hasExpired(item, this.#deps.now().getTime());
  }
}

function partitionOf(all: Map<string, Map<string, Stored>>, name: string): Map<string, Stored> {
  const existing = all.get(name);
  if (existing) return existing;
  const made = new Map<string, Stored>();
  all.set(name, made);
  return made;
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}

/** A copy that nobody can change: readers share it. */
function toStored(item: Item): Stored {
  const { data, bytes } = encodeItem(item);
  return { item: frozen(JSON.parse(data)), bytes };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

function isInRange(key: string, range: Query['sort']): boolean {
  if (range === undefined) return true;
  if (range.kind === 'prefix') return key.startsWith(range.prefix);
  return compareTexts(range.from, key) <= 0 && compareTexts(key, range.to) <= 0;
}

function comparePositions(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = compareTexts(text, b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Without surrogates the order of UTF-16 is that of UTF-8, and much quicker to tell. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return compareUtf8(a, b);
  return a < b ? -1 : 1;
}
