import type { Metrics } from '#shared/metrics/metrics.ts';
import type { AuthLog } from './auth-log.ts';
import type { Changes } from './changes.ts';

export type MeteredLogDeps = { readonly metrics: Metrics; readonly now: () => Date };

/** An `AuthLog` that tells how long each record took to become durable. A write that failed has no such time. */
export class MeteredAuthLog implements AuthLog {
  readonly #log: AuthLog;
  readonly #deps: MeteredLogDeps;

  constructor(log: AuthLog, deps: MeteredLogDeps) {
    this.#log = log;
    this.#deps = deps;
  }

  open(): Promise<Changes> {
    return this.#log.open();
  }

  async append(changes: Changes): Promise<void> {
    const { metrics, now } = this.#deps;
    const startedMs = now().getTime();
    await this.#log.append(changes);
    metrics.add('JournalLatency', now().getTime() - startedMs);
  }

  get isSnapshotDue(): boolean {
    return this.#log.isSnapshotDue;
  }

  compact(whole: Uint8Array): Promise<void> {
    return this.#log.compact(whole);
  }

  close(whole: () => Uint8Array): Promise<void> {
    return this.#log.close(whole);
  }

  erase(): Promise<void> {
    return this.#log.erase();
  }
}
