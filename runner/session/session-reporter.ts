import type { Logger } from 'pino';
import type { Instance, InstanceStatus, LinkedUser } from '#shared/domain/instance.ts';
import type {
  InstanceRepository,
  SessionReport,
} from '#shared/repositories/instance-repository.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';

export type ReporterDeps = {
  readonly instances: InstanceRepository;
  readonly events: EventRecorder;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly runnerId: string;
  readonly log: Logger;
};

/** Tells the table, and then the webhooks, what is true of one session; one report after the other. */
export class SessionReporter {
  readonly #instance: Instance;
  readonly #deps: ReporterDeps;
  #status: InstanceStatus;
  #user: LinkedUser | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(instance: Instance, deps: ReporterDeps) {
    this.#instance = instance;
    this.#status = instance.status;
    this.#user = instance.user;
    this.#deps = deps;
  }

  /** As last told. */
  get status(): InstanceStatus {
    return this.#status;
  }

  /** The WhatsApp user as last told. */
  get user(): LinkedUser | undefined {
    return this.#user;
  }

  /** Resolves when it is written. A report that fails is logged: the next one tells the truth again. */
  async report(report: SessionReport): Promise<void> {
    const { log } = this.#deps;
    const { instanceId } = this.#instance;
    const isNews = report.status !== this.#status;
    this.#status = report.status;
    if (report.user !== undefined) this.#user = report.user ?? undefined;
    const at = this.#deps.now();
    this.#tail = this.#tail
      .then(() => this.#write(report, { at, isNews }))
      .catch((err: unknown) => log.error({ err, instanceId }, 'A report was lost.'));
    await this.#tail;
  }

  async #write(
    report: SessionReport,
    { at, isNews }: { at: Date; isNews: boolean },
  ): Promise<void> {
    const { instances, events, newId, runnerId, log } = this.#deps;
    const { status } = report;
    await instances.report(this.#instance, report, { runnerId, at });
    if (!isNews) return;
    log.info({ instanceId: this.#instance.instanceId, status }, 'The session has changed.');
    const key = newId();
    await events.record(this.#instance, { event: 'onStateChanged', at, key, data: status });
    if (status === 'LOGGED_OUT') {
      await events.record(this.#instance, { event: 'onLogout', at, key, data: true });
    }
  }
}
