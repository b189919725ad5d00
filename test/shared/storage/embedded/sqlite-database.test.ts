import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  openSqliteDatabase,
  type SqliteDatabase,
} from '#shared/storage/embedded/sqlite-database.ts';
import { StorageError } from '#shared/storage/embedded/storage-error.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MIGRATIONS = ['CREATE TABLE notes (text TEXT NOT NULL UNIQUE) STRICT'];

describe('SqliteDatabase', () => {
  it('keeps what was committed, and syncs every commit to the disk', async () => {
    const { path, database } = await open();
    await add(database, 'kept');
    const mode = database.statement('PRAGMA synchronous').get();
    expect(mode).toMatchObject({ synchronous: 2 });
    await database.close();
    expect(await textsIn(await reopen(path))).toEqual(['kept']);
  });

  it('undoes alone a work that throws among others of its group', async () => {
    const { database } = await open();
    const failure = new Error('changed its mind');
    const results = await Promise.allSettled([
      add(database, 'a'),
      database.transact(() => {
        insert(database, 'b');
        throw failure;
      }),
      add(database, 'a'),
      add(database, 'c'),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ reason: failure });
    expect(results[2]).toMatchObject({ reason: expect.any(StorageError) });
    expect(await textsIn(database)).toEqual(['a', 'c']);
  });

  it('commits everything that was given before it closes, and takes nothing more', async () => {
    const { path, database } = await open();
    const writes = Array.from({ length: 200 }, (_, n) => add(database, String(n)));
    await database.close();
    await Promise.all(writes);
    await expect(add(database, 'late')).rejects.toBeInstanceOf(StorageError);
    await expect(textsIn(database)).rejects.toBeInstanceOf(StorageError);
    expect(await textsIn(await reopen(path))).toHaveLength(200);
  });

  it('waits for the lock of another connection, and lets the event loop go on', async () => {
    const { path, database } = await open();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE; INSERT INTO notes VALUES ('first')");
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
      if (turns === 5) other.exec('COMMIT');
    }, 10);
    onTestFinished(() => {
      clearInterval(counting);
      other.close();
    });
    await add(database, 'second');
    expect(turns).toBeGreaterThanOrEqual(5);
    expect(await textsIn(database)).toEqual(['first', 'second']);
  });

  it('opens one new file from many at once', async () => {
    const path = join(await temporaryFolder(), 'new.sqlite');
    const all = await Promise.all(Array.from({ length: 8 }, () => reopen(path)));
    await Promise.all(all.map((database, n) => add(database, String(n))));
    for (const database of all) expect(await textsIn(database)).toHaveLength(8);
  });

  it('brings an older file up to date, and refuses a newer one', async () => {
    const { path, database } = await open();
    await database.close();
    const migrations = [...MIGRATIONS, "INSERT INTO notes VALUES ('from the second script')"];
    const newer = await openSqliteDatabase({ path, migrations });
    expect(await textsIn(newer)).toEqual(['from the second script']);
    await newer.close();
    await expect(openSqliteDatabase({ path, migrations: MIGRATIONS })).rejects.toThrow('newer');
  });

  it('says which file is no database, with the cause', async () => {
    const path = join(await temporaryFolder(), 'broken.sqlite');
    await writeFile(path, 'this is a text '.repeat(1_000));
    const opening = openSqliteDatabase({ path, migrations: MIGRATIONS });
    await expect(opening).rejects.toBeInstanceOf(StorageError);
    await expect(opening).rejects.toMatchObject({
      message: expect.stringContaining('broken.sqlite'),
      cause: expect.objectContaining({ code: 'ERR_SQLITE_ERROR' }),
    });
  });
});

async function open(): Promise<{ path: string; database: SqliteDatabase }> {
  const path = join(await temporaryFolder(), 'test.sqlite');
  return { path, database: await reopen(path) };
}

async function reopen(path: string): Promise<SqliteDatabase> {
  const database = await openSqliteDatabase({ path, migrations: MIGRATIONS });
  onTestFinished(async () => await database.close());
  return database;
}

function insert(database: SqliteDatabase, text: string): void {
  database.statement('INSERT INTO notes VALUES (?)').run(text);
}

async function add(database: SqliteDatabase, text: string): Promise<void> {
  await database.transact(() => insert(database, text));
}

async function textsIn(database: SqliteDatabase): Promise<readonly string[]> {
  const rows = await database.read(() =>
    database.statement('SELECT text FROM notes ORDER BY rowid').all(),
  );
  return rows.map((row) => String(row['text']));
}
