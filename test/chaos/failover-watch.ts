import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../infra/local/api-client.ts';
import type { Failover } from './history.ts';
import { loginsOf } from './link-instances.ts';

const LOOK_EVERY_MS = 100;
/** A session that is away for longer counts as so late. */
const WATCH_MS_MAX = 60_000;

type Kill = {
  /** By number, as they were before it. */
  readonly logins: ReadonlyMap<string, number>;
  readonly held: () => Promise<readonly string[]>;
  readonly killedMs: number;
};

/**
 * Measures how long the sessions of a runner that was killed are away, as WhatsApp sees it: until another socket has
 * logged in. The old one may seem to live on, as WhatsApp itself would see it behind a broken line.
 */
export class FailoverWatch {
  readonly failovers: Failover[] = [];
  readonly #simulator: ApiClient;
  readonly #watches: Promise<void>[] = [];

  constructor(simulator: ApiClient) {
    this.#simulator = simulator;
  }

  /**
   * Before the kill: answers what is to be called right after it. `held` tells which numbers the dead runner still
   * holds. One that had no socket when it was killed was away already, and is not measured.
   */
  async prepare(runner: string, held: () => Promise<readonly string[]>): Promise<() => void> {
    const logins = await loginsOf(this.#simulator);
    return () => {
      this.#watches.push(this.#watch(runner, { logins, held, killedMs: performance.now() }));
    };
  }

  /** Resolves when every session is back, or was away for too long. */
  async finish(): Promise<void> {
    await Promise.all(this.#watches);
  }

  async #watch(runner: string, { logins, held, killedMs }: Kill): Promise<void> {
    const waiting = new Map<string, number>();
    for (const number of await held()) {
      const login = logins.get(number);
      if (login !== undefined) waiting.set(number, login);
    }
    while (waiting.size > 0 && performance.now() < killedMs + WATCH_MS_MAX) {
      await sleep(LOOK_EVERY_MS);
      const now = await loginsOf(this.#simulator);
      const tookMs = performance.now() - killedMs;
      for (const [session, before] of waiting) {
        if ((now.get(session) ?? before) === before) continue;
        waiting.delete(session);
        this.failovers.push({ runner, session, tookMs });
      }
    }
    for (const session of waiting.keys()) {
      this.failovers.push({ runner, session, tookMs: WATCH_MS_MAX });
    }
  }
}
