import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { Database } from '#simulator/store/database.ts';

const Setting = z.object({ name: z.string() });

describe('the database', () => {
  let folder: string;
  let path: string;
  let db: Database;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'database-'));
    path = join(folder, 'simulator.sqlite');
    db = new Database(path);
  });
  afterEach(async () => {
    db.close();
    await rm(folder, { recursive: true });
  });
  const put = (name: string) =>
    db.run('INSERT INTO settings (name, value) VALUES (?, ?)', [name, Buffer.of(1)]);
  const names = () => db.all(Setting, 'SELECT name FROM settings ORDER BY name').map((r) => r.name);

  it('keeps all of a transaction or nothing', () => {
    db.transaction(() => {
      put('a');
      put('b');
    });
    expect(() =>
      db.transaction(() => {
        put('c');
        throw new Error('halfway');
      }),
    ).toThrow('halfway');
    expect(names()).toEqual(['a', 'b']);
  });

  it('lets an inner transaction fail with the outer one', () => {
    expect(() =>
      db.transaction(() => {
        db.transaction(() => put('inner'));
        throw new Error('outer');
      }),
    ).toThrow('outer');
    expect(names()).toEqual([]);
  });

  it('runs effects in order after the commit, and drops those of a failure', () => {
    const seen: string[] = [];
    db.transaction(() => {
      db.afterCommit(() => seen.push(`first, with ${names().length}`));
      put('a');
      db.transaction(() => db.afterCommit(() => seen.push('second')));
      expect(seen).toEqual([]);
    });
    expect(() =>
      db.transaction(() => {
        db.afterCommit(() => seen.push('never'));
        throw new Error('no');
      }),
    ).toThrow();
    db.afterCommit(() => seen.push('at once'));
    expect(seen).toEqual(['first, with 1', 'second', 'at once']);
  });

  it('finds everything again when it is opened a second time', () => {
    put('kept');
    db.close();
    db = new Database(path);
    expect(names()).toEqual(['kept']);
  });

  it('refuses a row that does not fit its schema, and a file of another layout', () => {
    put('a');
    expect(() => db.all(z.object({ name: z.number() }), 'SELECT name FROM settings')).toThrow();
    const other = join(folder, 'other.sqlite');
    const raw = new DatabaseSync(other);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    expect(() => new Database(other)).toThrow('layout 99');
  });
});
