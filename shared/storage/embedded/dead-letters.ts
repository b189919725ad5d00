import type { SQLOutputValue } from 'node:sqlite';
import type { SqliteDatabase } from './sqlite-database.ts';

/** SQS's longest retention. */
const RETENTION_MS = 14 * 24 * 3_600_000;
const FORGOTTEN_MAX = 100;

const INSERT = `
  INSERT INTO dead_letters (id, queue, group_id, sent_at, died_at, receive_count, body)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const FORGET = `
  DELETE FROM dead_letters WHERE id IN
    (SELECT id FROM dead_letters WHERE died_at <= ? ORDER BY died_at LIMIT ?)`;
const SELECT_PAGE = 'SELECT * FROM dead_letters WHERE queue = ? AND id > ? ORDER BY id LIMIT ?';
const TAKE = 'DELETE FROM dead_letters WHERE queue = ? AND id = ? RETURNING *';

/** A message that was received `receivesMax` times without `ack`. Kept for 14 days. */
export type DeadLetter = {
  readonly id: number;
  readonly group: string;
  readonly body: string;
  readonly receiveCount: number;
  readonly sentAt: Date;
  readonly diedAt: Date;
};

/** The dead letters of one queue in SQL. Every method runs inside `read` or `transact` of the database. */
export class DeadLetters {
  readonly #database: SqliteDatabase;
  readonly #queue: string;

  constructor(database: SqliteDatabase, queue: string) {
    this.#database = database;
    this.#queue = queue;
  }

  bury({ id, group, body, receiveCount, sentAt, diedAt }: DeadLetter): void {
    this.#database
      .statement(INSERT)
      .run(id, this.#queue, group, sentAt.getTime(), diedAt.getTime(), receiveCount, body);
    this.#database.statement(FORGET).run(diedAt.getTime() - RETENTION_MS, FORGOTTEN_MAX);
  }

  /** Oldest message first. */
  page({ afterId, limit }: { afterId: number; limit: number }): readonly DeadLetter[] {
    return this.#database.statement(SELECT_PAGE).all(this.#queue, afterId, limit).map(toDeadLetter);
  }

  /** Takes the letter out; `undefined` when there is none with the id. */
  take(id: number): DeadLetter | undefined {
    const row = this.#database.statement(TAKE).get(this.#queue, id);
    return row === undefined ? undefined : toDeadLetter(row);
  }
}

function toDeadLetter(row: Record<string, SQLOutputValue>): DeadLetter {
  return {
    id: Number(row['id']),
    group: String(row['group_id']),
    body: String(row['body']),
    receiveCount: Number(row['receive_count']),
    sentAt: new Date(Number(row['sent_at'])),
    diedAt: new Date(Number(row['died_at'])),
  };
}
