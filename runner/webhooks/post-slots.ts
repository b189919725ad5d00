type Waiter = { readonly owner: string; readonly give: () => void };

/**
 * The posts that a runner has under way, so many at most. When there is not room for all, the endpoint that has the
 * fewest goes first: one that answers slowly keeps none that answers well waiting.
 */
export class PostSlots {
  #free: number;
  readonly #waiting = new Set<Waiter>();
  /** Slots in use, by owner. */
  readonly #inUse = new Map<string, number>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves, when there is room, with what gives the slot back; with `undefined` when the signal aborts before. */
  async take(owner: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#wait(owner, signal))) return undefined;
    this.#count(owner, 1);
    return () => this.#giveBack(owner);
  }

  async #wait(owner: string, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { owner, give: () => resolve(true) };
    const leave = () => {
      if (this.#waiting.delete(waiter)) resolve(false);
    };
    this.#waiting.add(waiter);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #giveBack(owner: string): void {
    this.#count(owner, -1);
    const next = chooseNext(this.#waiting, (one) => this.#inUse.get(one) ?? 0);
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.give();
  }

  #count(owner: string, by: number): void {
    const count = (this.#inUse.get(owner) ?? 0) + by;
    if (count > 0) this.#inUse.set(owner, count);
    else this.#inUse.delete(owner);
  }
}

/** Of those whose owners have the fewest, who came first. */
function chooseNext(
  waiting: Iterable<Waiter>,
  inUseOf: (owner: string) => number,
): Waiter | undefined {
  let best: { waiter: Waiter; inUse: number } | undefined;
  for (const waiter of waiting) {
    const inUse = inUseOf(waiter.owner);
    if (best === undefined || inUse < best.inUse) best = { waiter, inUse };
    if (inUse === 0) break;
  }
  return best?.waiter;
}
