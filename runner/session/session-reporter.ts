import type { Logger } from 'pino';
import type { Instance, InstanceStatus, LinkedUser } from '#shared/domain/instance.ts';
import type {
  InstanceRepository,
  SessionReport,
} from '#shared/repositories/instance-repository.ts';
import type { EventRecorder, Happening } from '../webhooks/event-recorder.ts';
import { restrictionOf } from '../webhooks/restriction.ts';

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
  #linkedAt: string | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(instance: Instance, deps: ReporterDeps) {
    this.#instance = instance;
    this.#status = instance.status;
    this.#user = instance.user;
    // A number of which this was not noted has been there for as long as its instance, for all we know.
    this.#linkedAt = instance.linkedAt ?? (instance.user && instance.createdAt);
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

  /** When that user was linked. */
  get linkedAt(): string | undefined {
    return this.#linkedAt;
  }

  /** Resolves when it is written. A report that fails is logged: the next one tells the truth again. */
  async report(report: SessionReport): Promise<void> {
    const { log } = this.#deps;
    const { instanceId } = this.#instance;
    const isNews = report.status !== this.#status;
    this.#status = report.status;
    const at = this.#deps.now();
    if (report.user !== undefined) this.#noteUser(report.user, at);
    const linkedAt = this.#linkedAt;
    const noted = report.user && linkedAt !== undefined ? { ...report, linkedAt } : report;
    this.#tail = this.#tail
      .then(() => this.#write(noted, { at, isNews }))
      .catch((err: unknown) => log.error({ err, instanceId }, 'A report was lost.'));
    await this.#tail;
  }

  /** The time of linking is that of the first report since nobody was linked. */
  #noteUser(user: LinkedUser | null, at: Date): void {
    this.#user = user ?? undefined;
    this.#linkedAt = user === null ? undefined : (this.#linkedAt ?? at.toISOString());
  }

  async #write(
    report: SessionReport,
    { at, isNews }: { at: Date; isNews: boolean },
  ): Promise<void> {
    const { instances, events, newId, runnerId, log } = this.#deps;
    const { status } = report;
    await instances.report(this.#instance, report, { runnerId, at });
    await this.#tellQr(report.qr, at);
    if (!isNews) return;
    log.info({ instanceId: this.#instance.instanceId, status }, 'The session has changed.');
    const key = newId();
    const happenings: Happening[] = [{ event: 'onStateChanged', at, key, data: status }];
    if (status === 'LOGGED_OUT') happenings.push({ event: 'onLogout', at, key, data: true });
    const data = restrictionOf(status);
    if (data) happenings.push({ event: 'onRestriction', at, key, data });
    await events.record(this.#instance, happenings);
  }

  /** Whoever has the code can link a phone to the instance: it is kept nowhere but for who asks. */
  async #tellQr(qr: SessionReport['qr'], at: Date): Promise<void> {
    if (!qr) return;
    await this.#deps.events.record(this.#instance, {
      event: 'onQr',
      at,
      key: qr.code,
      data: { qr: qr.code, expires_at: qr.expiresAt },
      isFleeting: true,
    });
  }
}
