/** Before a message is tried again. One that fails once more would hold up its chat for ever: it is given up. */
const PAUSES_MS = [1_000, 4_000] as const;

/** One that was not tried again for so long was canceled or has expired meanwhile. */
const KEPT_MS = 3_600_000;

type Failed = { readonly times: number; readonly againMs: number };

/** Tries that never reached the wire, though the socket lives. What is wrong may pass within seconds. */
export class LocalFailures {
  readonly #failed = new Map<string, Failed>();

  /** Notes one more; `give_up` when no other is to follow. */
  note(messageId: string, at: Date): 'again' | 'give_up' {
    this.#forgetOld(at);
    const times = this.#failed.get(messageId)?.times ?? 0;
    const pauseMs = PAUSES_MS[times];
    if (pauseMs === undefined) {
      this.#failed.delete(messageId);
      return 'give_up';
    }
    this.#failed.set(messageId, { times: times + 1, againMs: at.getTime() + pauseMs });
    return 'again';
  }

  /** When the message may be tried again, in milliseconds since 1970; `undefined` when it never failed. */
  againMs(messageId: string): number | undefined {
    return this.#failed.get(messageId)?.againMs;
  }

  /** It got there. */
  forget(messageId: string): void {
    this.#failed.delete(messageId);
  }

  #forgetOld(at: Date): void {
    for (const [messageId, { againMs }] of this.#failed) {
      if (at.getTime() - againMs > KEPT_MS) this.#failed.delete(messageId);
    }
  }
}
