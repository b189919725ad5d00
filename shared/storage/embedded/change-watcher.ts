/**
 * How often a waiting process asks whether another one has written, in milliseconds. Asking costs about 3 µs
 * (`PRAGMA data_version` reads shared memory), and nobody asks while nobody waits.
 */
const POLL_MS = 15;

/** A moment in the history of a database, as one of its connections sees it. */
export type ChangeMark = { readonly own: number; readonly foreign: number };

type Wait = {
  readonly topic: string;
  readonly since: ChangeMark;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

type Waiter = { readonly topic: string; readonly foreign: number; readonly wake: () => void };

/**
 * Wakes those who wait for a change of a database: at once for a change by this process, which `notify` tells,
 * and within `POLL_MS` for one by another process, which changes the number that `readForeign` gives.
 */
export class ChangeWatcher {
  readonly #readForeign: () => number;
  readonly #own = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #poll: NodeJS.Timeout | undefined;

  constructor(readForeign: () => number) {
    this.#readForeign = readForeign;
  }

  /** Take it before looking for work; a change after it ends `wait` at once. May throw SQLITE_BUSY. */
  mark(topic: string): ChangeMark {
    return { own: this.#own.get(topic) ?? 0, foreign: this.#readForeign() };
  }

  notify(topic: string): void {
    this.#own.set(topic, (this.#own.get(topic) ?? 0) + 1);
    for (const waiter of [...this.#waiters]) if (waiter.topic === topic) waiter.wake();
  }

  /** Ends after a change since the mark, the timeout, or the signal. It may also end for no reason. */
  async wait({ topic, since, timeoutMs, signal }: Wait): Promise<void> {
    if (signal.aborted || (this.#own.get(topic) ?? 0) !== since.own) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { topic, foreign: since.foreign, wake: resolve };
    const timer = setTimeout(resolve, timeoutMs);
    signal.addEventListener('abort', waiter.wake, { once: true });
    this.#waiters.add(waiter);
    this.#poll ??= setInterval(() => this.#wakeForForeignChange(), POLL_MS);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', waiter.wake);
      this.#waiters.delete(waiter);
      this.#stopWhenIdle();
    }
  }

  #wakeForForeignChange(): void {
    const now = this.#tryReadForeign();
    for (const waiter of [...this.#waiters]) if (waiter.foreign !== now) waiter.wake();
  }

  /** When the number cannot be read now, all wake and look for themselves; their own read can wait and report. */
  #tryReadForeign(): number | undefined {
    try {
      return this.#readForeign();
    } catch {
      return undefined;
    }
  }

  #stopWhenIdle(): void {
    if (this.#waiters.size > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}
