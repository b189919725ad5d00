import type { Logger } from 'pino';
import type { CommandAnswer, CommandRequest } from '#shared/domain/command.ts';
import type { Instance, LinkedUser } from '#shared/domain/instance.ts';
import type { LidRepository } from '#shared/repositories/lid-repository.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import type { InboundRecorder } from '../inbound/inbound-recorder.ts';
import type { NoticeRecorder } from '../inbound/notice-recorder.ts';
import { LogOvertaken } from '../journal/auth-log.ts';
import type { AuthState } from '../journal/auth-state.ts';
import { JournalCorrupt } from '../journal/journal-corrupt.ts';
import type { Acknowledgements } from '../outbound/acknowledgements.ts';
import { ChatBook } from '../outbound/chat-book.ts';
import type { OutboxWorker } from '../outbound/outbox-worker.ts';
import { decideReconnect, FRESH, historyAfter, historyOnOpen } from './decide-reconnect.ts';
import { runCommand } from './run-command.ts';
import type { SessionReporter } from './session-reporter.ts';
import type { CloseReason, SocketListener, WhatsAppSocket } from './whatsapp-socket.ts';

export type SessionDeps = {
  readonly openAuth: () => Promise<AuthState>;
  readonly openSocket: (auth: AuthState, listener: SocketListener) => WhatsAppSocket;
  /** Waits for this session's turn to log in. */
  readonly pace: (signal: AbortSignal) => Promise<void>;
  /** Whether this runner may still hold the session, by a strong read. Its answer is only asked for after a conflict. */
  readonly isLeaseOurs: () => Promise<boolean>;
  readonly reporter: SessionReporter;
  readonly outbox: OutboxWorker;
  readonly acknowledgements: Acknowledgements;
  readonly inbound: InboundRecorder;
  readonly notices: NoticeRecorder;
  readonly lids: LidRepository;
  readonly now: () => Date;
  readonly jitter: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/** Why a session ended for good. `given_up`: it takes a new `init` to start again. */
export type SessionEnd = 'stopped' | 'given_up';

/** A connection that held so long was a good one; what came before it counts no more. */
const STABLE_MS = 60_000;

/**
 * The live connection of one instance, over as many sockets as it takes.
 *
 *   connect ─▶ (SCAN_QR ─▶ linked ─▶ restart) ─▶ CONNECTED ─▶ closed ─▶ decideReconnect ─▶ connect, or the end
 */
export class Session {
  readonly #instance: Instance;
  readonly #deps: SessionDeps;
  #socket: WhatsAppSocket | undefined;
  #chats: ChatBook | undefined;
  #socketMade: PromiseWithResolvers<WhatsAppSocket> = Promise.withResolvers();
  #opened: PromiseWithResolvers<void> = Promise.withResolvers();
  #history = FRESH;
  #openedAt: Date | undefined;
  #waiting: AbortController | undefined;
  #isLoggingOut = false;
  #hasGivenUp = false;

  constructor(instance: Instance, deps: SessionDeps) {
    this.#instance = instance;
    this.#deps = deps;
  }

  /** Resolves with why the session ended; never rejects for a lost connection. */
  async run(signal: AbortSignal): Promise<SessionEnd> {
    const { openAuth, reporter, jitter } = this.#deps;
    while (!signal.aborted) {
      const reason = await this.#connectUntilClosed(signal);
      // What is true of a session that is another runner's, that one says.
      if (this.#isLoggingOut || (await this.#isAnothers(reason))) return 'stopped';
      if (signal.aborted) break;
      const wasOpen = this.#noteEnd();
      const decision = decideReconnect(reason, this.#history, jitter());
      this.#history = historyAfter({ reason, wasOpen }, this.#history);
      const { status } = decision;
      if (decision.kind === 'stop') {
        this.#hasGivenUp = true;
        if (decision.erase) await (await openAuth()).erase();
        await reporter.report({ status, qr: null, ...(decision.erase && { user: null }) });
        return 'given_up';
      }
      await reporter.report({ status, qr: null });
      await this.#wait(decision.delayMs, signal);
    }
    await reporter.report({ status: 'DISCONNECTED', qr: null });
    return 'stopped';
  }

  /** There may be something to send. */
  ring(): void {
    this.#deps.outbox.ring();
  }

  /** The socket, as soon as one is open. */
  async connected(): Promise<WhatsAppSocket> {
    await this.#opened.promise;
    return this.#socket ?? (await this.#socketMade.promise);
  }

  /** The record of the instance has been read anew. */
  adopt(instance: Instance): void {
    this.#deps.outbox.adopt(instance);
  }

  /** Does at once what the control plane asks for, if the session is up. */
  async command(request: CommandRequest): Promise<CommandAnswer> {
    const answer = await runCommand(request, this.#socket);
    await this.#learnLid(answer);
    return answer;
  }

  /** Connects at once if it is waiting to do so: somebody has asked for it. `false` when it has given up. */
  hurry(): boolean {
    this.#waiting?.abort();
    return !this.#hasGivenUp;
  }

  /** The 8 characters to type on the phone. Rejects when the socket ends before it has them. */
  async requestPairingCode(phone: string): Promise<string> {
    const socket = this.#socket ?? (await this.#socketMade.promise);
    return await socket.requestPairingCode(phone);
  }

  /** Removes the device from the account as soon as the session is connected; then `run` ends. */
  async logout(): Promise<void> {
    this.hurry();
    await this.#opened.promise;
    this.#isLoggingOut = true;
    await this.#socket?.logout();
  }

  /** WhatsApp may write a number another way than it was asked for: in Brazil and Mexico a digit comes and goes. */
  async #learnLid(answer: CommandAnswer): Promise<void> {
    if (answer.kind !== 'checked') return;
    const [phone, lid] = [answer.jid, answer.lid].map((jid) => jid?.split('@')[0]);
    if (phone === undefined || lid === undefined) return;
    await this.#deps.lids.keep(this.#instance.instanceId, { lid, phone });
  }

  async #connectUntilClosed(signal: AbortSignal): Promise<CloseReason> {
    const { pace, reporter, log } = this.#deps;
    const { instanceId } = this.#instance;
    try {
      await reporter.report({ status: 'CONNECTING' });
      await pace(signal);
      const reason = await this.#useSocket(signal);
      log.info({ instanceId, reason }, 'The socket has closed.');
      return reason;
    } catch (err) {
      if (signal.aborted) return 'stopped';
      log.error({ err, instanceId }, 'The session could not go on.');
      return reasonOf(err);
    }
  }

  /** A table that does not answer takes nothing away: the wait after a conflict is long, and the fence watches. */
  async #isAnothers(reason: CloseReason): Promise<boolean> {
    const { isLeaseOurs, log } = this.#deps;
    const { instanceId } = this.#instance;
    if (reason !== 'replaced') return false;
    try {
      return !(await isLeaseOurs());
    } catch (err) {
      log.error({ err, instanceId }, 'The lease could not be looked at.');
      return false;
    }
  }

  async #useSocket(signal: AbortSignal): Promise<CloseReason> {
    const { openAuth, openSocket, outbox, acknowledgements, inbound, notices } = this.#deps;
    const auth = await openAuth();
    signal.throwIfAborted();
    this.#chats = new ChatBook(auth);
    const socket = openSocket(auth, this.#listener());
    this.#socket = socket;
    this.#socketMade.resolve(socket);
    const stop = () => void socket.close('stopped');
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await socket.closed;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#socket = undefined;
      this.#socketMade = Promise.withResolvers();
      // Whoever waits for the first connection that opens goes on waiting.
      if (this.#openedAt !== undefined) this.#opened = Promise.withResolvers();
      outbox.detach();
      const work = [outbox.idle(), acknowledgements.idle(), inbound.leave(), notices.idle()];
      await Promise.all(work);
      await auth.flush();
    }
  }

  #listener(): SocketListener {
    const { reporter, acknowledgements, inbound, notices } = this.#deps;
    return {
      onQr: (code, expiresAt) => {
        const qr = { code, expiresAt: expiresAt.toISOString() };
        void reporter.report({ status: 'SCAN_QR', qr });
      },
      onLinked: () => void reporter.report({ status: 'CONNECTING', qr: null }),
      onOpen: (user) => {
        this.#history = historyOnOpen(this.#history);
        this.#openedAt = this.#deps.now();
        this.#opened.resolve();
        void this.#startSending(user);
      },
      onMessage: (message, done) => {
        this.#noteChat(message);
        inbound.take(message, done);
      },
      onAck: (ack) => acknowledgements.onAck(ack),
      onReceipt: (receipt) => acknowledgements.onReceipt(receipt),
      onNotice: (notice) => notices.take(notice),
    };
  }

  /** A status is for many, and says nothing of the two of us. */
  #noteChat({ chat, at, fromMe, via }: InboundMessage): void {
    if (via !== 'status') this.#chats?.remember(chat, at, fromMe ? 'us' : 'them');
  }

  /** What the last socket was told must be in the table first, or it would be sent again. */
  async #startSending(user: LinkedUser): Promise<void> {
    const { reporter, acknowledgements, outbox } = this.#deps;
    await reporter.report({ status: 'CONNECTED', user, qr: null });
    await acknowledgements.idle();
    if (this.#socket?.isOpen && this.#chats) outbox.attach(this.#socket, this.#chats);
  }

  /** Whether the last connection had opened. One that held has made good for all before it. */
  #noteEnd(): boolean {
    const openedAt = this.#openedAt;
    this.#openedAt = undefined;
    if (openedAt === undefined) return false;
    const heldMs = this.#deps.now().getTime() - openedAt.getTime();
    if (heldMs >= STABLE_MS) this.#history = FRESH;
    return true;
  }

  async #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    this.#waiting = new AbortController();
    const either = AbortSignal.any([signal, this.#waiting.signal]);
    await this.#deps.sleep(delayMs, either).catch(() => undefined);
    this.#waiting = undefined;
  }
}

function reasonOf(err: unknown): CloseReason {
  if (err instanceof JournalCorrupt) return 'journal_corrupt';
  return err instanceof LogOvertaken ? 'overtaken' : 'storage_failed';
}
