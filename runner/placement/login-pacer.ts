/** One login costs 50 to 90 ms of CPU (facts/baileys.md §4.3): more at once only slow each other down. */
export const LOGIN_GAP_MS = 60;

export type PacerDeps = {
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/** Spreads the logins of a runner, about sixteen a second. */
export class LoginPacer {
  readonly #deps: PacerDeps;
  #nextMs = 0;

  constructor(deps: PacerDeps) {
    this.#deps = deps;
  }

  /** Waits for the caller's turn. Rejects when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const nowMs = this.#deps.now().getTime();
    const turnMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = turnMs + LOGIN_GAP_MS;
    if (turnMs > nowMs) await this.#deps.sleep(turnMs - nowMs, signal);
  }
}
