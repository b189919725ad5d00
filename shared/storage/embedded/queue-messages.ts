import { randomUUID } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import type { QueueSettings } from '../queue.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** SQS FIFO remembers a deduplication id for five minutes. */
const DEDUP_MS = 5 * 60_000;
const DEDUPS_FORGOTTEN_MAX = 10;
/** Looks at lanes in one claim, so that a queue full of messages that must die cannot hold the lock for long. */
const CLAIM_LANES_MAX = 100;

const REMEMBER = `
  INSERT INTO dedups (queue, dedup_id, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (queue, dedup_id) DO UPDATE SET expires_at = excluded.expires_at
    WHERE dedups.expires_at <= ?`;
const FORGET = `
  DELETE FROM dedups WHERE (queue, dedup_id) IN
    (SELECT queue, dedup_id FROM dedups WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`;
const INSERT = `
  INSERT INTO messages (queue, lane, group_id, sent_at, visible_at, receive_count, body)
  VALUES (?, ?, ?, ?, ?, 0, ?)`;
const SELECT_LANE = 'SELECT * FROM messages WHERE queue = ? AND lane = ? ORDER BY seq LIMIT ?';
const TAKE = 'UPDATE messages SET receive_count = ?, visible_at = ? WHERE seq = ?';
const HIDE = 'UPDATE messages SET visible_at = ? WHERE seq = ? AND receive_count = ?';
const DELETE = 'DELETE FROM messages WHERE seq = ? AND receive_count = ?';

const ADD_LANE =
  'INSERT INTO lanes (queue, lane, ready_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
const FIRST_READY_AT = 'SELECT min(ready_at) AS ready_at FROM lanes WHERE queue = ?';
const FIRST_READY_LANE = `
  SELECT lane FROM lanes WHERE queue = ? AND ready_at <= ? ORDER BY ready_at, lane LIMIT 1`;
const LAST_VISIBLE_AT = `
  SELECT max(visible_at) AS visible_at FROM messages WHERE queue = ? AND lane = ?`;
const MOVE_LANE = 'UPDATE lanes SET ready_at = ? WHERE queue = ? AND lane = ?';
const DELETE_LANE = 'DELETE FROM lanes WHERE queue = ? AND lane = ?';

export type NewMessage = {
  readonly group: string;
  readonly body: string;
  readonly sentAtMs: number;
  readonly visibleAtMs: number;
};

/** One receipt of a message. `count` tells it from the deliveries before and after it. */
export type Delivery = {
  readonly seq: number;
  readonly lane: string;
  readonly count: number;
  readonly group: string;
  readonly body: string;
  readonly sentAtMs: number;
};

/** The messages of one queue in SQL. Every method runs inside `read` or `transact` of the database. */
export class QueueMessages {
  readonly #database: SqliteDatabase;
  readonly #settings: QueueSettings;
  readonly #deadLetters: DeadLetters;

  constructor(database: SqliteDatabase, settings: QueueSettings, deadLetters: DeadLetters) {
    this.#database = database;
    this.#settings = settings;
    this.#deadLetters = deadLetters;
  }

  /** Whether the id was not seen in the last five minutes. Forgets a few old ones. */
  remember(dedupId: string, nowMs: number): boolean {
    this.#run(FORGET, nowMs, DEDUPS_FORGOTTEN_MAX);
    return this.#run(REMEMBER, this.#settings.name, dedupId, nowMs + DEDUP_MS, nowMs) > 0;
  }

  add({ group, body, sentAtMs, visibleAtMs }: NewMessage): void {
    const queue = this.#settings.name;
    const lane = this.#settings.kind === 'fifo' ? group : randomUUID();
    this.#run(INSERT, queue, lane, group, sentAtMs, visibleAtMs, body);
    this.#run(ADD_LANE, queue, lane, visibleAtMs);
  }

  /** From when on there is something to receive, in epoch milliseconds. */
  firstReadyAtMs(): number | undefined {
    const readyAt = this.#get(FIRST_READY_AT, this.#settings.name)?.['ready_at'];
    return typeof readyAt === 'number' ? readyAt : undefined;
  }

  /** Takes up to `max` messages in flight; a message that was received too often dies instead. */
  claim(max: number, nowMs: number): readonly Delivery[] {
    const deliveries: Delivery[] = [];
    for (let looks = 0; looks < CLAIM_LANES_MAX && deliveries.length < max; looks += 1) {
      const row = this.#get(FIRST_READY_LANE, this.#settings.name, nowMs);
      if (row === undefined) break;
      const lane = String(row['lane']);
      deliveries.push(...this.#claimLane(lane, max - deliveries.length, nowMs));
      this.#settleLane(lane, nowMs);
    }
    return deliveries;
  }

  /** Does nothing when the delivery is not the message's last one. */
  remove({ seq, lane, count }: Delivery, nowMs: number): void {
    if (this.#run(DELETE, seq, count) > 0) this.#settleLane(lane, nowMs);
  }

  /** Hides the message for so long from now. Does nothing when the delivery is not the message's last one. */
  hide({ seq, lane, count }: Delivery, forMs: number, nowMs: number): void {
    if (this.#run(HIDE, nowMs + forMs, seq, count) > 0) this.#settleLane(lane, nowMs);
  }

  /** All messages of a lane that is ready are visible, so its first ones are the next in order. */
  #claimLane(lane: string, max: number, nowMs: number): readonly Delivery[] {
    const rows = this.#database.statement(SELECT_LANE).all(this.#settings.name, lane, max);
    return rows.map(toNextDelivery).filter((delivery) => this.#takeOrBury(delivery, nowMs));
  }

  #takeOrBury(delivery: Delivery, nowMs: number): boolean {
    const { seq, count, group, body, sentAtMs } = delivery;
    if (count <= this.#settings.receivesMax) {
      this.#run(TAKE, count, nowMs + this.#settings.visibilityMs, seq);
      return true;
    }
    const receiveCount = count - 1;
    this.#run(DELETE, seq, receiveCount);
    const sentAt = new Date(sentAtMs);
    this.#deadLetters.bury({ id: seq, group, body, receiveCount, sentAt, diedAt: new Date(nowMs) });
    return false;
  }

  /** A lane is ready when its last hidden message is visible; an empty one is dropped. */
  #settleLane(lane: string, nowMs: number): void {
    const queue = this.#settings.name;
    const visibleAt = this.#get(LAST_VISIBLE_AT, queue, lane)?.['visible_at'];
    if (typeof visibleAt === 'number')
      this.#run(MOVE_LANE, Math.max(visibleAt, nowMs), queue, lane);
    else this.#run(DELETE_LANE, queue, lane);
  }

  #run(sql: string, ...parameters: readonly (string | number)[]): number {
    return Number(this.#database.statement(sql).run(...parameters).changes);
  }

  #get(
    sql: string,
    ...parameters: readonly (string | number)[]
  ): Record<string, SQLOutputValue> | undefined {
    return this.#database.statement(sql).get(...parameters);
  }
}

function toNextDelivery(row: Record<string, SQLOutputValue>): Delivery {
  return {
    seq: Number(row['seq']),
    lane: String(row['lane']),
    count: Number(row['receive_count']) + 1,
    group: String(row['group_id']),
    body: String(row['body']),
    sentAtMs: Number(row['sent_at']),
  };
}
