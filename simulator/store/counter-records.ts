import * as z from 'zod';

import type { Database } from './database.ts';

/** What is counted over all runs of the simulator. */
export type CounterName =
  | 'logins'
  | 'messagesAccepted'
  | 'messagesResent'
  | 'messagesNacked'
  | 'acksLost'
  | 'messagesDelivered'
  | 'retryReceipts'
  | 'ratchetReused'
  | 'evictedFrames'
  | 'duplicateIds';

/** The counters that name something a client must never do. */
export type ViolationName = 'ratchetReused' | 'evictedFrames' | 'duplicateIds';

const SAMPLES_MAX = 20;
const CounterRow = z.object({ value: z.int() });
const SampleRow = z.object({ text: z.string() });

export class CounterRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(name: CounterName): void {
    this.#db.run(
      `INSERT INTO counters (name, value) VALUES (?, 1)
       ON CONFLICT (name) DO UPDATE SET value = value + 1`,
      [name],
    );
  }

  read(name: CounterName): number {
    return (
      this.#db.get(CounterRow, 'SELECT value FROM counters WHERE name = ?', [name])?.value ?? 0
    );
  }

  /** Counts a violation and keeps its description among the last 20. */
  addViolation(name: ViolationName, text: string): void {
    this.add(name);
    this.#db.run('INSERT INTO violation_samples (text) VALUES (?)', [`${name}: ${text}`]);
    this.#db.run(
      'DELETE FROM violation_samples WHERE seq <= (SELECT max(seq) FROM violation_samples) - ?',
      [SAMPLES_MAX],
    );
  }

  /** The last violations, oldest first. */
  samples(): string[] {
    return this.#db
      .all(SampleRow, 'SELECT text FROM violation_samples ORDER BY seq')
      .map((row) => row.text);
  }
}
