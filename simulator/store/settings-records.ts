import * as z from 'zod';

import { blob, type Database } from './database.ts';

const SettingRow = z.object({ value: blob });

/** Named values of the server itself. */
export class SettingsRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(name: string): Buffer | undefined {
    return this.#db.get(SettingRow, 'SELECT value FROM settings WHERE name = ?', [name])?.value;
  }

  put(name: string, value: Uint8Array): void {
    this.#db.run('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', [name, value]);
  }

  /** The stored value; the first call makes and keeps it. */
  findOrMake(name: string, make: () => Uint8Array): Buffer {
    return this.#db.transaction(() => {
      const found = this.find(name);
      if (found) return found;
      const made = Buffer.from(make());
      this.put(name, made);
      return made;
    });
  }
}
