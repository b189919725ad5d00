import { type AuthLog, LogTooSlow } from './auth-log.ts';
import type { Changes } from './changes.ts';

/**
 * A record that is not durable by then fails the state: Baileys gives up what it sends after 20 s, and whoever waits
 * should hear of it before.
 */
const APPEND_MS_MAX = 5_000;
/** A snapshot may be some megabytes, and deletes what it covers. */
const COMPACT_MS_MAX = 30_000;

export type ImpatientLogDeps = {
  /** Rejects when the signal aborts. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/**
 * An `AuthLog` that waits for no write for long. The write may still be done later: the next opening finds it, or
 * fences it off.
 */
export class ImpatientAuthLog implements AuthLog {
  readonly #log: AuthLog;
  readonly #deps: ImpatientLogDeps;

  constructor(log: AuthLog, deps: ImpatientLogDeps) {
    this.#log = log;
    this.#deps = deps;
  }

  open(): Promise<Changes> {
    return this.#log.open();
  }

  async append(changes: Changes): Promise<void> {
    await this.#within(APPEND_MS_MAX, this.#log.append(changes));
  }

  get isSnapshotDue(): boolean {
    return this.#log.isSnapshotDue;
  }

  async compact(whole: Uint8Array): Promise<void> {
    await this.#within(COMPACT_MS_MAX, this.#log.compact(whole));
  }

  close(whole: () => Uint8Array): Promise<void> {
    return this.#log.close(whole);
  }

  erase(): Promise<void> {
    return this.#log.erase();
  }

  async #within(limitMs: number, write: Promise<void>): Promise<void> {
    const written = new AbortController();
    const { signal } = written;
    const tooLong = this.#deps.sleep(limitMs, signal).then(
      () => {
        throw new LogTooSlow(`a write took longer than ${limitMs} ms`);
      },
      () => undefined,
    );
    try {
      await Promise.race([write, tooLong.then(() => write)]);
    } finally {
      written.abort();
    }
  }
}
