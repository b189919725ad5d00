export type WakeupDeps = {
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** A sleep that somebody may cut short, also by waking before it has begun. */
export class Wakeup {
  readonly #deps: WakeupDeps;
  #armed = new AbortController();

  constructor(deps: WakeupDeps) {
    this.#deps = deps;
  }

  /** From here on a wake counts; pass it to `pause`. */
  arm(): AbortSignal {
    this.#armed = new AbortController();
    return this.#armed.signal;
  }

  wake(): void {
    this.#armed.abort();
  }

  /** Resolves when the time is over, somebody wakes it, or the signal aborts. */
  async pause(delayMs: number, wake: AbortSignal, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([wake, signal]);
    if (either.aborted) return;
    await this.#deps.sleep(delayMs, either).catch(() => undefined);
  }
}
