/**
 * At most twenty logins a second. One costs about 45 ms of processor time (`npm run bench:login`): more at once would
 * only slow each other down.
 */
export const LOGIN_GAP_MS = 50;
/** Of a session that has been up before: it is away for the shortest time. */
const LAST = Number.POSITIVE_INFINITY;

export type PacerDeps = {
  /** A clock that is set back must hold up nobody. */
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
};

type Waiting = {
  /** The lowest comes first: the number of its shard, or `LAST`. */
  readonly rank: number;
  readonly letIn: () => void;
};

/**
 * Spreads the logins of a runner. Sessions that it has just taken over come first, shard by shard in the order of their
 * numbers: the shards that are last stay untouched for long, and can be given to a runner that has less to log in.
 */
export class LoginPacer {
  readonly #deps: PacerDeps;
  /** In the order of their turns. */
  readonly #queue: Waiting[] = [];
  #nextMs = 0;
  #isServing = false;

  constructor(deps: PacerDeps) {
    this.#deps = deps;
  }

  /** Makes what waits for the turns of one session, the first and those after it. It rejects when the signal aborts. */
  turnsIn(shard: number): (signal: AbortSignal) => Promise<void> {
    let rank = shard;
    return async (signal) => {
      const own = rank;
      rank = LAST;
      await this.#wait(own, signal);
    };
  }

  /** How many sessions of a shard wait for their first turn. */
  waitingIn(shard: number): number {
    return this.#queue.filter(({ rank }) => rank === shard).length;
  }

  async #wait(rank: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve: letIn, reject } = Promise.withResolvers<void>();
    const waiting = { rank, letIn };
    const leave = () => {
      const at = this.#queue.indexOf(waiting);
      if (at >= 0) this.#queue.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    const behind = this.#queue.findLastIndex((other) => other.rank <= rank);
    this.#queue.splice(behind + 1, 0, waiting);
    void this.#serve();
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  async #serve(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    const { monotonicMs, sleep } = this.#deps;
    while (this.#queue.length > 0) {
      const nowMs = monotonicMs();
      const turnMs = Math.max(nowMs, this.#nextMs);
      if (turnMs > nowMs) await sleep(turnMs - nowMs);
      this.#nextMs = turnMs + LOGIN_GAP_MS;
      this.#queue.shift()?.letIn();
    }
    this.#isServing = false;
  }
}
