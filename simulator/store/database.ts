import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import * as z from 'zod';

import { ADDITIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';

const BUSY_TIMEOUT_MS = 5_000;

/** A BLOB column. */
export const blob = z
  .instanceof(Uint8Array)
  .transform((bytes): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** A 0 or 1 column. */
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

const VersionRow = z.object({ user_version: z.int() });

/**
 * The simulator's one SQLite file. Everything is synchronous: whoever holds a transaction holds
 * the process, so a stanza's changes are one transaction and no two stanzas interleave.
 * WAL with synchronous=NORMAL survives kill -9 at any moment (sqlite.org/wal.html).
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #open = false;
  #effects: (() => void)[] = [];

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
       PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`,
    );
    this.transaction(() => {
      this.#prepareSchema();
      this.#db.exec(ADDITIONS);
    });
  }

  /** All or nothing. Inside another transaction it joins that one. What it throws rolls back. */
  transaction<T>(work: () => T): T {
    if (this.#open) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    this.#open = true;
    let result: T;
    try {
      result = work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#effects = [];
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#open = false;
    }
    this.#runEffects();
    return result;
  }

  /** Runs when the open transaction is durable, never when it fails; at once when there is none. */
  afterCommit(effect: () => void): void {
    if (this.#open) this.#effects.push(effect);
    else effect();
  }

  /** Writes; returns how many rows changed. */
  run(sql: string, params: readonly SQLInputValue[] = []): number {
    return Number(this.#statement(sql).run(...params).changes);
  }

  /** The first row, parsed. */
  get<S extends z.ZodType>(
    schema: S,
    sql: string,
    params: readonly SQLInputValue[] = [],
  ): z.infer<S> | undefined {
    const row = this.#statement(sql).get(...params);
    return row === undefined ? undefined : schema.parse(row);
  }

  /** All rows, parsed. */
  all<S extends z.ZodType>(
    schema: S,
    sql: string,
    params: readonly SQLInputValue[] = [],
  ): z.infer<S>[] {
    return this.#statement(sql)
      .all(...params)
      .map((row) => schema.parse(row));
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #runEffects(): void {
    const effects = this.#effects;
    this.#effects = [];
    for (const effect of effects) effect();
  }

  #prepareSchema(): void {
    const version = this.get(VersionRow, 'PRAGMA user_version')?.user_version ?? 0;
    if (version === SCHEMA_VERSION) return;
    if (version !== 0) {
      throw new Error(
        `The simulator's data has layout ${version}, this version reads ${SCHEMA_VERSION}. Remove its folder.`,
      );
    }
    this.#db.exec(SCHEMA);
    this.#db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  }
}
