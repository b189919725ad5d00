import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A tree that is just ending, because its npm was killed, gets so long to end. */
const LOCK_WAIT_MS = 5_000;

/**
 * Takes the data folder for one process tree. The lock is SQLite's, so that the system takes it back when the
 * process is killed. Throws when another tree has it.
 */
export async function lockDataFolder(dataDir: string): Promise<{ release(): void }> {
  await mkdir(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'lock.sqlite'), { timeout: LOCK_WAIT_MS });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Error(`Another process uses the data folder ${dataDir}. Stop it, or set DATA_DIR.`, {
      cause,
    });
  }
  return { release: () => database.close() };
}
