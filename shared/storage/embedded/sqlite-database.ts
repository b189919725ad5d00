import { basename } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ChangeWatcher } from './change-watcher.ts';
import { StorageError } from './storage-error.ts';

/** SQLite itself blocks the event loop this long for another process's lock; after that we wait without blocking. */
const BUSY_BLOCKING_MS = 5;
const BUSY_RETRY_MS = 2;
const BUSY_WAIT_MS_MAX = 15_000;
/** Works that share one commit, so that one group does not hold the lock and the event loop for long. */
const GROUP_SIZE_MAX = 64;
/** 8 KiB: most of our rows then stay in their page; measured 30 % faster than 4 KiB. Fixed when the file is made. */
const PAGE_BYTES = 8_192;
const SQLITE_BUSY = 5;

export type SqliteDatabaseOptions = {
  readonly path: string;
  /** SQL scripts; the database remembers how many of them it has seen. Never change one, add one. */
  readonly migrations: readonly string[];
  /** `FULL`, the default, survives a power cut; `NORMAL` only a crash of the process. */
  readonly synchronous?: 'FULL' | 'NORMAL';
};

type Work = { readonly run: () => () => void; readonly reject: (reason: unknown) => void };

/** Opens or makes the database file. Several processes may open the same file at once. Throws `StorageError`. */
export async function openSqliteDatabase(options: SqliteDatabaseOptions): Promise<SqliteDatabase> {
  try {
    return new SqliteDatabase(
      await whileBusy(() => openAndMigrate(options)),
      basename(options.path),
    );
  } catch (cause) {
    throw translate(cause, basename(options.path));
  }
}

/**
 * One connection to a SQLite file. All writes go through `transact`, which commits what is waiting together
 * (group commit): an fsync is what a commit costs, and callers that come at the same time share it.
 */
export class SqliteDatabase {
  readonly changes: ChangeWatcher;
  readonly #db: DatabaseSync;
  readonly #name: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #waiting: Work[] = [];
  #committing: Promise<void> | undefined;
  #closed = false;

  constructor(db: DatabaseSync, name: string) {
    this.#db = db;
    this.#name = name;
    this.changes = new ChangeWatcher(() =>
      Number(this.statement('PRAGMA data_version').get()?.['data_version']),
    );
  }

  /** The prepared statement of the text; the texts of one program are few, so all are kept. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  /** Runs a read; it may run again when another process holds the file. Throws `StorageError`. */
  async read<T>(work: () => T): Promise<T> {
    this.#refuseWhenClosed();
    try {
      return await whileBusy(work);
    } catch (cause) {
      throw translate(cause, this.#name);
    }
  }

  /**
   * Runs the work in a transaction that holds the write lock from its start, and resolves when it is durable.
   * A work that throws is undone alone. It may run more than once, so it changes nothing but the database.
   */
  async transact<T>(work: () => T): Promise<T> {
    this.#refuseWhenClosed();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = () => {
      const value = work();
      return () => resolve(value);
    };
    this.#waiting.push({ run, reject });
    this.#committing ??= this.#commitAll();
    return await promise;
  }

  /** Finishes what was given to `transact`, then closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    this.#db.close();
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whoever writes in this turn of the event loop joins the group.
      await nextTurn();
      await this.#commitGroup(this.#waiting.splice(0, GROUP_SIZE_MAX));
    }
    this.#committing = undefined;
  }

  async #commitGroup(group: readonly Work[]): Promise<void> {
    try {
      for (const settle of await whileBusy(() => this.#tryGroup(group))) settle();
    } catch (cause) {
      for (const work of group) work.reject(translate(cause, this.#name));
    }
  }

  #tryGroup(group: readonly Work[]): readonly (() => void)[] {
    this.statement('BEGIN IMMEDIATE').run();
    try {
      const settles = group.map((work) => this.#runApart(work));
      this.statement('COMMIT').run();
      return settles;
    } catch (cause) {
      if (this.#db.isTransaction) this.statement('ROLLBACK').run();
      throw cause;
    }
  }

  /** A savepoint keeps the failure of one work from its neighbours in the group. */
  #runApart(work: Work): () => void {
    this.statement('SAVEPOINT work').run();
    try {
      const settle = work.run();
      this.statement('RELEASE work').run();
      return settle;
    } catch (cause) {
      // After a full disk, for one, SQLite has already undone the whole transaction.
      if (!this.#db.isTransaction) throw cause;
      this.statement('ROLLBACK TO work').run();
      this.statement('RELEASE work').run();
      return () => work.reject(translate(cause, this.#name));
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StorageError(`The database ${this.#name} is closed.`);
  }
}

function openAndMigrate({
  path,
  migrations,
  synchronous = 'FULL',
}: SqliteDatabaseOptions): DatabaseSync {
  const db = new DatabaseSync(path, {
    timeout: BUSY_BLOCKING_MS,
    enableForeignKeyConstraints: false,
  });
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(`PRAGMA synchronous = ${synchronous}`);
    migrate(db, migrations);
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function migrate(db: DatabaseSync, migrations: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE');
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new StorageError(`The database has version ${version}, newer than this program.`);
  }
  for (const script of migrations.slice(version)) db.exec(script);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
  db.exec('COMMIT');
}

/** Tries again while another process holds the lock, without blocking the event loop meanwhile. */
async function whileBusy<T>(work: () => T): Promise<T> {
  const giveUpAt = performance.now() + BUSY_WAIT_MS_MAX;
  for (;;) {
    try {
      return work();
    } catch (cause) {
      if (!isBusy(cause) || performance.now() > giveUpAt) throw cause;
    }
    await sleep(BUSY_RETRY_MS);
  }
}

/** The low byte of an extended code is the primary code (sqlite.org/rescode.html). */
function isBusy(cause: unknown): boolean {
  return isSqliteError(cause) && (cause.errcode & 0xff) === SQLITE_BUSY;
}

function isSqliteError(cause: unknown): cause is Error & { errcode: number } {
  return cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number';
}

function translate(cause: unknown, name: string): unknown {
  return isSqliteError(cause)
    ? new StorageError(`The database ${name} failed: ${cause.message}.`, { cause })
    : cause;
}
