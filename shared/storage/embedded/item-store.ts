import type { Item, Key } from '../table.ts';
import { decodeItem, encodeItem } from './encode-item.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

const SELECT_ONE = 'SELECT data FROM items WHERE pk = ? AND sk = ?';
const UPSERT = `
  INSERT INTO items (pk, sk, gsi1pk, gsi1sk, expires_at, data) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (pk, sk) DO UPDATE SET gsi1pk = excluded.gsi1pk, gsi1sk = excluded.gsi1sk,
    expires_at = excluded.expires_at, data = excluded.data`;
const DELETE_ONE = 'DELETE FROM items WHERE pk = ? AND sk = ?';
const DELETE_EXPIRED = `
  DELETE FROM items WHERE (pk, sk) IN
    (SELECT pk, sk FROM items WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`;

/** Single items by key. Every method runs inside `read` or `transact` of the database. */
export class ItemStore {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** The item as it is stored, expired or not. */
  load({ pk, sk }: Key): Item | undefined {
    const row = this.#database.statement(SELECT_ONE).get(pk, sk);
    return row === undefined ? undefined : decodeItem(String(row['data']));
  }

  /** Replaces the whole item. Answers its size in bytes. */
  save(item: Item): number {
    const { pk, sk, gsi1pk, gsi1sk, expiresAt, data, bytes } = encodeItem(item);
    this.#database.statement(UPSERT).run(pk, sk, gsi1pk, gsi1sk, expiresAt, data);
    return bytes;
  }

  erase({ pk, sk }: Key): void {
    this.#database.statement(DELETE_ONE).run(pk, sk);
  }

  /** Erases at most `itemsMax` items that expired at or before the second. Answers how many. */
  sweep(expiredAtS: number, itemsMax: number): number {
    return Number(this.#database.statement(DELETE_EXPIRED).run(expiredAtS, itemsMax).changes);
  }
}
