import type { AuthLog } from './auth-log.ts';
import { AuthState } from './auth-state.ts';
import { JournalCorrupt } from './journal-corrupt.ts';

export type AuthSourceDeps = {
  /** A log that was not opened yet. */
  readonly makeLog: () => AuthLog;
  /** Deletes a log that cannot be read. */
  readonly eraseUnread: () => Promise<void>;
};

/** The auth state of one instance: one at a time, for as long as it is sound; then the log is opened anew. */
export class AuthSource {
  readonly #deps: AuthSourceDeps;
  #current: AuthState | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: AuthSourceDeps) {
    this.#deps = deps;
  }

  /** Throws `JournalCorrupt` and `LogOvertaken`. */
  async open(): Promise<AuthState> {
    return await this.#inTurn(() => this.#openNow());
  }

  /** Forgets everything, readable or not. */
  async erase(): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await (await this.#openNow()).erase();
      } catch (cause) {
        if (!(cause instanceof JournalCorrupt)) throw cause;
        await this.#deps.eraseUnread();
      }
    });
  }

  /** Ends the log cleanly, if it is open. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#current?.isDead === false) await this.#current.close();
      this.#current = undefined;
    });
  }

  async #openNow(): Promise<AuthState> {
    if (this.#current === undefined || this.#current.isDead) {
      this.#current = await AuthState.open(this.#deps.makeLog());
    }
    return this.#current;
  }

  /** Two openings at once would fence each other off. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn;
    return await turn;
  }
}
