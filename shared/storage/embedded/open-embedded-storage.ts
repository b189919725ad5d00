import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { QueueSettings } from '../queue.ts';
import type { RunnerStorage } from '../storage.ts';
import { makeFolder } from './durable-files.ts';
import { type FileBlobs, openFileBlobs } from './file-blobs.ts';
import { FileKeyWrap } from './file-key-wrap.ts';
import { QUEUE_MIGRATIONS } from './queue-migrations.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { openSqliteDatabase, type SqliteDatabase } from './sqlite-database.ts';
import { SqliteQueue } from './sqlite-queue.ts';
import { SqliteTable } from './sqlite-table.ts';
import { TABLE_MIGRATIONS } from './table-migrations.ts';

/** Without it no auth state can be read again: it belongs in the backup. */
const AUTH_KEY_FILE = 'auth.key';

export type EmbeddedStorageOptions = {
  /** On a local disk with hard links: SQLite's WAL does not work over a network. */
  readonly dataDir: string;
  /** Where `blobHandler` is reached; presigned URLs begin with it, and without it none can be made. */
  readonly baseUrl?: string | undefined;
  readonly now?: () => Date;
};

/** Opens or makes everything in the data folder; several processes of one host may do so at once. */
export async function openEmbeddedStorage({
  dataDir,
  baseUrl,
  now = () => new Date(),
}: EmbeddedStorageOptions): Promise<EmbeddedStorage> {
  await makeFolder(dataDir);
  const secret = await readOrMakeSecret(join(dataDir, 'presign.key'), randomBytes);
  const blobs = await openFileBlobs({ folder: join(dataDir, 'blobs'), baseUrl, secret, now });
  const authSecret = await readOrMakeSecret(join(dataDir, AUTH_KEY_FILE), randomBytes);
  const keyWrap = new FileKeyWrap(authSecret, randomBytes);
  const tables = await openSqliteDatabase({
    path: join(dataDir, 'table.sqlite'),
    migrations: TABLE_MIGRATIONS,
  });
  const queues = await openSqliteDatabase({
    path: join(dataDir, 'queues.sqlite'),
    migrations: QUEUE_MIGRATIONS,
  });
  return new EmbeddedStorage({ blobs, keyWrap, tables, queues, now });
}

type Parts = {
  readonly blobs: FileBlobs;
  readonly keyWrap: FileKeyWrap;
  readonly tables: SqliteDatabase;
  readonly queues: SqliteDatabase;
  readonly now: () => Date;
};

/** The three ports for one process on one data folder. */
export class EmbeddedStorage implements RunnerStorage {
  readonly table: SqliteTable;
  /** One folder holds both: the keys of `media-keys.ts`, and those that begin with `auth/`. */
  readonly mediaBlobs: FileBlobs;
  readonly authBlobs: FileBlobs;
  readonly keyWrap: FileKeyWrap;
  readonly #parts: Parts;
  readonly #queues = new Map<string, SqliteQueue>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.table = new SqliteTable(parts.tables, parts);
    this.mediaBlobs = parts.blobs;
    this.authBlobs = parts.blobs;
    this.keyWrap = parts.keyWrap;
  }

  /** Once for each name: the settings of the first call stay. They are this process's and are not stored. */
  openQueue(settings: QueueSettings): SqliteQueue {
    const known = this.#queues.get(settings.name);
    if (known !== undefined) return known;
    const queue = new SqliteQueue(this.#parts.queues, settings, this.#parts);
    this.#queues.set(settings.name, queue);
    return queue;
  }

  /** Ends every wait of the queues, finishes the writes, and closes the files. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    await Promise.all([this.#parts.tables.close(), this.#parts.queues.close()]);
  }
}
