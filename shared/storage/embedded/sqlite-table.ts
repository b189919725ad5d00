import { decodeCursor, encodeCursor, positionOf } from '../rules/cursor.ts';
import { checkKey, checkOps, hasExpired, keyOf, pageLimit } from '../rules/table-rules.ts';
import {
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type Query,
  type Table,
  type UpdateOp,
  type WriteOp,
} from '../table.ts';
import { applyUpdate } from './apply-update.ts';
import { decodeItem } from './encode-item.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { ItemStore } from './item-store.ts';
import { selectItems } from './select-items.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** DynamoDB ends a page at 1 MB. */
const PAGE_BYTES_MAX = 1_048_576;
/** DynamoDB's limit of one transaction, about. */
const TRANSACTION_BYTES_MAX = 4 * 1_048_576;
/** Conditions may still see an expired item this long, as they do in DynamoDB until it gets to delete it. */
const SWEEP_AFTER_S = 3_600;
const SWEEP_EVERY_MS = 5_000;
const SWEEP_ITEMS_MAX = 500;

type Start = { readonly after: readonly string[] | undefined; readonly limit: number };

/** The `Table` port on a database opened with `TABLE_MIGRATIONS`. Who opened the database closes it. */
export class SqliteTable implements Table {
  readonly #database: SqliteDatabase;
  readonly #items: ItemStore;
  readonly #now: () => Date;
  #sweepAtMs = 0;

  constructor(database: SqliteDatabase, { now }: { now: () => Date }) {
    this.#database = database;
    this.#items = new ItemStore(database);
    this.#now = now;
  }

  async get(key: Key): Promise<Item | undefined> {
    checkKey(key);
    const item = await this.#database.read(() => this.#items.load(key));
    return item !== undefined && hasExpired(item, this.#nowMs()) ? undefined : item;
  }

  async query(query: Query): Promise<Page> {
    const { cursor } = query;
    const limit = pageLimit(query.limit);
    const after = cursor === undefined ? undefined : decodeCursor(query, cursor);
    return await this.#database.read(() => this.#readPage(query, { after, limit }));
  }

  async write(...ops: readonly WriteOp[]): Promise<void> {
    checkOps(ops);
    await this.#database.transact(() => {
      let bytes = 0;
      for (const [index, op] of ops.entries()) bytes += this.#apply(op, index);
      if (bytes > TRANSACTION_BYTES_MAX) {
        throw new RangeError(`A transaction has at most ${TRANSACTION_BYTES_MAX} bytes.`);
      }
      this.#sweepNowAndThen();
    });
  }

  async update(op: UpdateOp): Promise<Item> {
    checkOps([op]);
    return await this.#database.transact(() => {
      const item = applyUpdate(op, this.#loadChecked(op, 0));
      this.#items.save(item);
      this.#sweepNowAndThen();
      return item;
    });
  }

  /** Answers the bytes that it wrote. The keys of one call differ, so no op sees what another did. */
  #apply(op: WriteOp, index: number): number {
    switch (op.kind) {
      case 'put':
        this.#check(op, index);
        return this.#items.save(op.item);
      case 'update':
        return this.#items.save(applyUpdate(op, this.#loadChecked(op, index)));
      case 'delete':
        this.#check(op, index);
        this.#items.erase(op.key);
        return 0;
      case 'check':
        this.#check(op, index);
        return 0;
    }
  }

  #check(op: WriteOp, index: number): void {
    if (op.condition !== undefined) this.#loadChecked(op, index);
  }

  /** The item that the op is about, when its condition holds for it. */
  #loadChecked(op: WriteOp, index: number): Item | undefined {
    const current = this.#items.load(keyOf(op));
    if (op.condition !== undefined && !evaluateCondition(op.condition, current)) {
      throw new ConditionFailed(index);
    }
    return current;
  }

  #readPage(query: Query, { after, limit }: Start): Page {
    const { sql, parameters } = selectItems(query, { after, nowS: this.#nowMs() / 1_000 });
    const items: Item[] = [];
    let bytes = 0;
    for (const row of this.#database.statement(sql).iterate(...parameters)) {
      const last = items.at(-1);
      if (last !== undefined && (items.length === limit || bytes >= PAGE_BYTES_MAX)) {
        return { items, cursor: encodeCursor(query, positionOf(query, last)) };
      }
      const data = String(row['data']);
      bytes += Buffer.byteLength(data);
      items.push(decodeItem(data));
    }
    return { items };
  }

  /** A full sweep means that there is more: the next write goes on with it. */
  #sweepNowAndThen(): void {
    const nowMs = this.#nowMs();
    if (nowMs < this.#sweepAtMs) return;
    const swept = this.#items.sweep(nowMs / 1_000 - SWEEP_AFTER_S, SWEEP_ITEMS_MAX);
    this.#sweepAtMs = swept === SWEEP_ITEMS_MAX ? nowMs : nowMs + SWEEP_EVERY_MS;
  }

  #nowMs(): number {
    return this.#now().getTime();
  }
}
