import type { Logger } from 'pino';
import type { CommandAnswer } from '#shared/domain/command.ts';
import type { Instance, InstanceStatus } from '#shared/domain/instance.ts';
import type { CommandRepository } from '#shared/repositories/command-repository.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { AuthSource } from '../journal/auth-source.ts';
import type { Session } from './session.ts';
import type { SessionReporter } from './session-reporter.ts';

/** WhatsApp is given so long to take the device off the account; then our side forgets it anyway. */
const LOGOUT_TIMEOUT_MS = 10_000;
const PAIRING_CODE_TIMEOUT_MS = 15_000;
/** WhatsApp's codes live about as long as the QR codes of one connection. */
const PAIRING_CODE_VALID_MS = 160_000;

const NOT_HERE: CommandAnswer = { kind: 'refused', reason: 'The instance is not connected.' };

export type KeptSession = {
  readonly session: Pick<
    Session,
    'run' | 'ring' | 'hurry' | 'logout' | 'requestPairingCode' | 'adopt' | 'command'
  >;
  readonly reporter: Pick<SessionReporter, 'report' | 'status'>;
};

export type InstanceKeeperDeps = {
  readonly instances: InstanceRepository;
  readonly commands: CommandRepository;
  readonly makeSession: (instance: Instance) => KeptSession;
  readonly auth: Pick<AuthSource, 'erase' | 'close'>;
  /** Deletes what the instance has beside its record. */
  readonly purge: () => Promise<void>;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

type Running = KeptSession & { readonly abort: AbortController; readonly ended: Promise<void> };

/**
 * Brings one instance to what its account wants of it (`desired`). It looks at the record whenever it is told to,
 * and does only what is missing: a call that is lost or comes twice does no harm.
 */
export class InstanceKeeper {
  readonly #ref: InstanceRef;
  readonly #deps: InstanceKeeperDeps;
  #running: Running | undefined;
  /** Of the newest wish that the running session meets. */
  #generation = 0;
  #answeredRequest: string | undefined;
  #tail: Promise<void> = Promise.resolve();
  #isStopping = false;
  /** As it was last read. */
  #status: InstanceStatus | undefined;
  #isGone = false;

  constructor(ref: InstanceRef, deps: InstanceKeeperDeps) {
    this.#ref = ref;
    this.#deps = deps;
  }

  get hasSession(): boolean {
    return this.#running !== undefined;
  }

  /** What is true of the instance; `undefined` before the first look, and when it is gone. */
  get status(): InstanceStatus | undefined {
    return this.#isGone ? undefined : (this.#running?.reporter.status ?? this.#status);
  }

  /** Whether the last look found no record, or deleted it: there is nothing to keep. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Looks at the record and acts. Resolves when it has; one look after the other. */
  async look(): Promise<void> {
    this.#tail = this.#tail
      .then(() => this.#lookNow())
      .catch((err: unknown) => {
        const { instanceId } = this.#ref;
        this.#deps.log.error({ err, instanceId }, 'The instance could not be looked after.');
      });
    await this.#tail;
  }

  /** There may be messages to send. */
  ring(): void {
    this.#running?.session.ring();
  }

  /** Answers what the control plane asks of the session at once. */
  async answerCommand(commandId: string): Promise<void> {
    const { commands, log } = this.#deps;
    const { instanceId } = this.#ref;
    try {
      const command = await commands.get(instanceId, commandId);
      if (command === undefined || command.answer) return;
      const answer = (await this.#running?.session.command(command.request)) ?? NOT_HERE;
      await commands.answer(instanceId, commandId, answer);
    } catch (err) {
      log.error({ err, instanceId }, 'A command could not be answered.');
    }
  }

  /** Closes the session cleanly; it can be taken up again where it stands. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#tail;
    await this.#endSession();
    await this.#closeAuth();
  }

  /** The next owner fences it anyway: a clean end only spares it some reading. */
  async #closeAuth(): Promise<void> {
    const { auth, log } = this.#deps;
    const { instanceId } = this.#ref;
    await auth.close().catch((err: unknown) => {
      log.error({ err, instanceId }, 'The auth state did not end cleanly.');
    });
  }

  async #lookNow(): Promise<void> {
    const instance = await this.#deps.instances.get(this.#ref);
    this.#status = instance?.status;
    this.#isGone = instance === undefined && this.#running === undefined;
    if (instance === undefined || this.#isStopping) return;
    switch (instance.desired) {
      case 'ON':
        this.#startSession(instance);
        this.#answerPairing(instance);
        return;
      case 'OFF':
        await this.#endSession();
        return;
      case 'LOGGED_OUT':
        await this.#logOut(instance);
        return;
      case 'DELETED':
        await this.#logOut(instance);
        await this.#deps.purge();
        await this.#deps.instances.remove(instance);
        this.#isGone = true;
        return;
    }
  }

  /** A newer wish for what runs already: `init` means now, and not when the back-off is over. */
  #startSession(instance: Instance): void {
    if (this.#running !== undefined) {
      this.#running.session.adopt(instance);
      const isNewWish = instance.generation > this.#generation;
      if (isNewWish && this.#running.session.hurry()) this.#generation = instance.generation;
      return;
    }
    this.#generation = instance.generation;
    const kept = this.#deps.makeSession(instance);
    const abort = new AbortController();
    const ended = kept.session
      .run(abort.signal)
      .finally(() => {
        this.#running = undefined;
      })
      .then(async (end) => {
        if (end === 'given_up') await this.#standDown(instance);
      })
      .catch((err: unknown) => {
        const { instanceId } = this.#ref;
        this.#deps.log.error({ err, instanceId }, 'A session broke.');
      });
    this.#running = { ...kept, abort, ended };
  }

  /**
   * A wish that came when the session had given up has a newer generation: it is looked at anew. A session that ran
   * only to log out leaves the wish as it is: there is more to do.
   */
  async #standDown(instance: Instance): Promise<void> {
    if (instance.desired !== 'ON') return;
    const { instances } = this.#deps;
    const current = await instances.get(this.#ref);
    if (current === undefined) return;
    if (current.generation === this.#generation) await instances.standDown(current);
    else void this.look();
  }

  async #endSession(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.ended;
  }

  /** WhatsApp is told while a device is linked; then the keys are forgotten, whether it heard or not. */
  async #logOut(instance: Instance): Promise<void> {
    if (instance.status === 'CREATED' || instance.status === 'LOGGED_OUT') return;
    this.#startSession(instance);
    const running = this.#running;
    if (running === undefined) return;
    if (instance.user !== undefined) await this.#leaveAccount(running.session);
    await this.#endSession();
    await this.#deps.auth.erase();
    await running.reporter.report({ status: 'LOGGED_OUT', user: null, qr: null });
  }

  async #leaveAccount(session: KeptSession['session']): Promise<void> {
    const tooLate = new AbortController();
    const timeout = this.#deps.sleep(LOGOUT_TIMEOUT_MS, tooLate.signal).catch(() => undefined);
    await Promise.race([session.logout().catch(() => undefined), timeout]);
    tooLate.abort();
  }

  /** Not waited for: WhatsApp may take its time, and the next look must not. */
  #answerPairing({ pairingRequest, pairingAnswer }: Instance): void {
    const running = this.#running;
    if (pairingRequest === undefined || running === undefined) return;
    const { requestId, phone } = pairingRequest;
    if (pairingAnswer?.requestId === requestId || this.#answeredRequest === requestId) return;
    this.#answeredRequest = requestId;
    void this.#fetchPairingCode(running, phone)
      .then((answer) => this.#deps.instances.answerPairing(this.#ref, { requestId, ...answer }))
      .catch((err: unknown) => {
        const { instanceId } = this.#ref;
        this.#deps.log.error({ err, instanceId }, 'A pairing code could not be passed on.');
      });
  }

  async #fetchPairingCode(
    { session }: Running,
    phone: string,
  ): Promise<{ code: string; expiresAt: string } | { reason: string }> {
    const { sleep, now } = this.#deps;
    const tooLate = new AbortController();
    try {
      const timeout = sleep(PAIRING_CODE_TIMEOUT_MS, tooLate.signal).then(() => undefined);
      const code = await Promise.race([session.requestPairingCode(phone), timeout]);
      if (code === undefined) return { reason: 'WhatsApp gave no code in time.' };
      const expiresAt = new Date(now().getTime() + PAIRING_CODE_VALID_MS).toISOString();
      return { code, expiresAt };
    } catch {
      return { reason: 'The connection to WhatsApp ended before it gave a code.' };
    } finally {
      tooLate.abort();
    }
  }
}
