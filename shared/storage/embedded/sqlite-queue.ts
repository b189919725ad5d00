import type { Outgoing, Queue, QueueSettings, Received, ReceiveOptions } from '../queue.ts';
import {
  checkBetween,
  checkOutgoing,
  checkReceive,
  checkVisibility,
} from '../rules/queue-rules.ts';
import type { ChangeMark } from './change-watcher.ts';
import { type DeadLetter, DeadLetters } from './dead-letters.ts';
import { type Delivery, QueueMessages } from './queue-messages.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { StorageError } from './storage-error.ts';

/** Dead letters in one page or one redrive. */
const DEAD_LETTERS_MAX = 100;

type Look = { readonly mark: ChangeMark; readonly readyAtMs: number | undefined };

/**
 * The `Queue` port on a database opened with `QUEUE_MIGRATIONS`; who opened the database closes it, after the queue.
 * A receiver that waits is woken at once by a send of this process, and within 15 ms by one of another process.
 */
export class SqliteQueue implements Queue {
  readonly #database: SqliteDatabase;
  readonly #name: string;
  readonly #kind: QueueSettings['kind'];
  readonly #now: () => Date;
  readonly #messages: QueueMessages;
  readonly #deadLetters: DeadLetters;
  readonly #closing = new AbortController();
  readonly #receiving = new Set<Promise<unknown>>();

  constructor(database: SqliteDatabase, settings: QueueSettings, { now }: { now: () => Date }) {
    this.#database = database;
    this.#name = settings.name;
    this.#kind = settings.kind;
    this.#now = now;
    this.#deadLetters = new DeadLetters(database, settings.name);
    this.#messages = new QueueMessages(database, settings, this.#deadLetters);
  }

  async send(message: Outgoing): Promise<void> {
    checkOutgoing(message, this.#kind);
    const { group, dedupId, body, delayMs = 0 } = message;
    await this.#change((nowMs) => {
      if (this.#kind === 'fifo' && !this.#messages.remember(dedupId, nowMs)) return;
      this.#messages.add({ group, body, sentAtMs: nowMs, visibleAtMs: nowMs + delayMs });
    });
  }

  async receive(options: ReceiveOptions): Promise<readonly Received[]> {
    checkReceive(options);
    if (this.#closing.signal.aborted) throw new StorageError(`The queue ${this.#name} is closed.`);
    const receiving = this.#receive(options);
    this.#receiving.add(receiving);
    try {
      return await receiving;
    } finally {
      this.#receiving.delete(receiving);
    }
  }

  /** A page of dead letters, oldest message first; the next page begins after the last one's id. */
  async listDeadLetters({
    afterId = 0,
    limit = DEAD_LETTERS_MAX,
  } = {}): Promise<readonly DeadLetter[]> {
    checkBetween('limit', limit, { min: 1, max: DEAD_LETTERS_MAX });
    return await this.#database.read(() => this.#deadLetters.page({ afterId, limit }));
  }

  /** Sends dead letters again, as new messages at the end of their groups. Answers how many there were. */
  async redrive(ids: readonly number[]): Promise<number> {
    checkBetween('ids', ids.length, { min: 0, max: DEAD_LETTERS_MAX });
    return await this.#change((nowMs) => {
      const letters = ids
        .map((id) => this.#deadLetters.take(id))
        .filter((one) => one !== undefined);
      for (const { group, body, sentAt } of letters) {
        this.#messages.add({ group, body, sentAtMs: sentAt.getTime(), visibleAtMs: nowMs });
      }
      return letters.length;
    });
  }

  /** Ends every wait with `[]`. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#receiving);
  }

  async #receive({ max, waitMs, signal }: ReceiveOptions): Promise<readonly Received[]> {
    const ended =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const endMs = performance.now() + waitMs;
    while (!ended.aborted) {
      const { mark, readyAtMs } = await this.#look();
      const deliveries = this.#isDue(readyAtMs) ? await this.#claim(max) : [];
      if (deliveries.length > 0) return deliveries.map((delivery) => this.#toReceived(delivery));
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) break;
      const dueMs = readyAtMs === undefined ? leftMs : Math.max(0, readyAtMs - this.#nowMs());
      const timeoutMs = Math.min(leftMs, dueMs);
      await this.#database.changes.wait({
        topic: this.#name,
        since: mark,
        timeoutMs,
        signal: ended,
      });
    }
    return [];
  }

  /** A plain read, so that a receiver without work takes no lock. */
  async #look(): Promise<Look> {
    return await this.#database.read(() => ({
      mark: this.#database.changes.mark(this.#name),
      readyAtMs: this.#messages.firstReadyAtMs(),
    }));
  }

  #isDue(readyAtMs: number | undefined): boolean {
    return readyAtMs !== undefined && readyAtMs <= this.#nowMs();
  }

  async #claim(max: number): Promise<readonly Delivery[]> {
    return await this.#database.transact(() => this.#messages.claim(max, this.#nowMs()));
  }

  #toReceived(delivery: Delivery): Received {
    return {
      id: String(delivery.seq),
      group: delivery.group,
      body: delivery.body,
      receiveCount: delivery.count,
      ack: async () => await this.#change((nowMs) => this.#messages.remove(delivery, nowMs)),
      extend: async (visibilityMs) => await this.#hide(delivery, visibilityMs),
      release: async (delayMs = 0) => await this.#hide(delivery, delayMs),
    };
  }

  async #hide(delivery: Delivery, forMs: number): Promise<void> {
    checkVisibility(forMs);
    await this.#change((nowMs) => this.#messages.hide(delivery, forMs, nowMs));
  }

  /** Every change may make a message due sooner, so it wakes this process's receivers. */
  async #change<T>(work: (nowMs: number) => T): Promise<T> {
    const value = await this.#database.transact(() => work(this.#nowMs()));
    this.#database.changes.notify(this.#name);
    return value;
  }

  #nowMs(): number {
    return this.#now().getTime();
  }
}
