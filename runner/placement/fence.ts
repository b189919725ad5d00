import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';

export type FenceCause =
  /** No heartbeat was known to be good in time. */
  | 'silent'
  /** A heartbeat found the runner's record dead or gone. */
  | 'declared_dead'
  /** The lease of a shard that it runs is another's. */
  | 'overruled'
  /** A shard's keeper broke. */
  | 'broken';

/** The runner must not act any more: somebody else may hold its shards. */
export class RunnerFenced extends Error {
  override readonly name = 'RunnerFenced';

  constructor(cause: FenceCause) {
    super(`The runner has fenced itself: ${cause}.`);
  }
}

export type FenceDeps = {
  /** Milliseconds of a clock that is never set. */
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly timings: Pick<PlacementTimings, 'fenceAfterMs'>;
};

/**
 * Says whether this runner may act. Whoever asks too late closes it, so that no timer has to fire first in a process
 * that was frozen.
 *
 *   open ── renewed ──▶ open ── too long without, or told ──▶ closed, for good
 */
export class Fence {
  readonly closed: Promise<FenceCause>;
  readonly #closing = Promise.withResolvers<FenceCause>();
  readonly #deps: FenceDeps;
  #lastGoodMs: number;
  #cause: FenceCause | undefined;

  /** Open from `registeredMs` on: when the write began that made the runner known. */
  constructor(registeredMs: number, deps: FenceDeps) {
    this.closed = this.#closing.promise;
    this.#lastGoodMs = registeredMs;
    this.#deps = deps;
  }

  /** How long ago the last good heartbeat began. */
  get lastGoodAgoMs(): number {
    return this.#deps.monotonicMs() - this.#lastGoodMs;
  }

  get isClosed(): boolean {
    if (this.#cause === undefined && this.lastGoodAgoMs >= this.#deps.timings.fenceAfterMs)
      this.close('silent');
    return this.#cause !== undefined;
  }

  /** A heartbeat that began then was good. One that is known of too late is of no use. */
  renew(startedMs: number): void {
    if (!this.isClosed) this.#lastGoodMs = Math.max(this.#lastGoodMs, startedMs);
  }

  close(cause: FenceCause): void {
    this.#cause ??= cause;
    this.#closing.resolve(this.#cause);
  }

  /** Throws `RunnerFenced` when the runner must not act. */
  check(): void {
    if (this.isClosed && this.#cause !== undefined) throw new RunnerFenced(this.#cause);
  }

  /** Closes it in time. Resolves when it is closed, or the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.isClosed) {
      const leftMs = Math.max(0, this.#deps.timings.fenceAfterMs - this.lastGoodAgoMs);
      await this.#deps.sleep(leftMs, signal).catch(() => undefined);
    }
  }
}
