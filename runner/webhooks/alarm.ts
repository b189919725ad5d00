type Deps = {
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** One timer, which rings at the earliest of the times that it was set for. */
export class Alarm {
  readonly #ring: () => void;
  readonly #deps: Deps;
  #set: { readonly atMs: number; readonly off: AbortController } | undefined;
  #isOff = false;

  constructor(ring: () => void, deps: Deps) {
    this.#ring = ring;
    this.#deps = deps;
  }

  /** Rings then, in milliseconds since 1970, unless it rings sooner anyway. */
  setFor(atMs: number): void {
    if (this.#isOff || (this.#set !== undefined && this.#set.atMs <= atMs)) return;
    this.#set?.off.abort();
    const set = { atMs, off: new AbortController() };
    this.#set = set;
    const { now, sleep } = this.#deps;
    sleep(Math.max(0, atMs - now().getTime()), set.off.signal).then(
      () => {
        if (this.#set !== set) return;
        this.#set = undefined;
        this.#ring();
      },
      () => undefined,
    );
  }

  /** It never rings again. */
  stop(): void {
    this.#isOff = true;
    this.#set?.off.abort();
    this.#set = undefined;
  }
}
