import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../infra/local/api-client.ts';
import type { Failover } from './history.ts';
import { onlineNumbers } from './link-instances.ts';

const LOOK_EVERY_MS = 250;
/** A session that is away for longer counts as so late. */
const WATCH_MS_MAX = 60_000;

/** Measures how long the sessions of a runner that was killed are away, as WhatsApp sees it. */
export class FailoverWatch {
  readonly failovers: Failover[] = [];
  readonly #simulator: ApiClient;
  readonly #watches: Promise<void>[] = [];

  constructor(simulator: ApiClient) {
    this.#simulator = simulator;
  }

  /** Before the kill: answers what is to be called right after it. */
  async prepare(runner: string, numbers: readonly string[]): Promise<() => void> {
    const all = await onlineNumbers(this.#simulator);
    const online = numbers.filter((number) => all.has(number));
    return () => {
      this.#watches.push(this.#watch(runner, online));
    };
  }

  /** Resolves when every session is back, or was away for too long. */
  async finish(): Promise<void> {
    await Promise.all(this.#watches);
  }

  async #watch(runner: string, numbers: readonly string[]): Promise<void> {
    const killedMs = performance.now();
    // The simulator learns of the ends of so many sockets one by one.
    const waiting = new Map(numbers.map((number) => [number, { wasAway: false }]));
    while (waiting.size > 0 && performance.now() < killedMs + WATCH_MS_MAX) {
      await sleep(LOOK_EVERY_MS);
      const online = await onlineNumbers(this.#simulator);
      const tookMs = performance.now() - killedMs;
      for (const [session, state] of waiting) {
        if (!online.has(session)) state.wasAway = true;
        else if (state.wasAway) {
          waiting.delete(session);
          this.failovers.push({ runner, session, tookMs });
        }
      }
    }
    for (const session of waiting.keys()) {
      this.failovers.push({ runner, session, tookMs: WATCH_MS_MAX });
    }
  }
}
