import type { Logger } from 'pino';
import type { Message } from '#shared/domain/message.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { WhatsAppSocket } from '../session/whatsapp-socket.ts';
import { countEnded } from './count-ended.ts';

/** A message that fails so often before it reaches the wire would hold up all the others. */
const LOCAL_FAILURES_MAX = 3;
/** Sent and not yet acknowledged, at the same time. */
const UNACKNOWLEDGED_MAX = 32;
/** WhatsApp acknowledges in well under a second; after this long the connection is not to be trusted. */
export const ACK_TIMEOUT_MS = 20_000;

export type OutboxDeps = {
  readonly messages: MessageRepository;
  /** The message has ended without leaving: it was given up. */
  readonly onFailed: (message: Message) => void;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
};

/**
 * Works one instance's outbox, oldest first, one at a time, while a socket is attached. What was sent and not
 * acknowledged when a socket ends is *in doubt*: it is still in the outbox, and the next socket sends it again
 * under the same WhatsApp id.
 */
export class OutboxWorker {
  readonly #instanceId: string;
  readonly #deps: OutboxDeps;
  /** By WhatsApp id. */
  readonly #unacknowledged = new Map<string, Message>();
  readonly #localFailures = new Map<string, number>();
  #room: PromiseWithResolvers<void> = Promise.withResolvers();
  #attached: { socket: WhatsAppSocket; detach: AbortController } | undefined;
  #working: Promise<void> | undefined;
  #rung = false;

  constructor(instanceId: string, deps: OutboxDeps) {
    this.#instanceId = instanceId;
    this.#deps = deps;
  }

  /** A socket is open: everything that waits goes out on it. */
  attach(socket: WhatsAppSocket): void {
    this.detach();
    this.#unacknowledged.clear();
    this.#attached = { socket, detach: new AbortController() };
    this.ring();
  }

  detach(): void {
    this.#attached?.detach.abort();
    this.#attached = undefined;
    this.#makeRoom();
  }

  /** There may be something in the outbox. */
  ring(): void {
    this.#rung = true;
    if (this.#attached === undefined || this.#working !== undefined) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
      if (this.#rung && this.#attached !== undefined) this.ring();
    });
  }

  /** The message with this WhatsApp id, if it was sent on this socket and not settled. */
  find(waId: string): Message | undefined {
    return this.#unacknowledged.get(waId);
  }

  /** WhatsApp's word on the message is in the table: it is in doubt no more. */
  settle(waId: string): void {
    if (this.#unacknowledged.delete(waId)) this.#makeRoom();
  }

  /** Resolves when no send is under way. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      while (this.#rung && this.#attached !== undefined) {
        this.#rung = false;
        for await (const messageId of this.#deps.messages.outbox(this.#instanceId)) {
          if (this.#attached === undefined) return;
          await this.#sendOne(messageId);
        }
      }
    } catch (err) {
      this.#deps.log.error(
        { err, instanceId: this.#instanceId },
        'The outbox could not be worked.',
      );
    }
  }

  async #sendOne(messageId: string): Promise<void> {
    if ([...this.#unacknowledged.values()].some((sent) => sent.messageId === messageId)) return;
    while (this.#attached !== undefined && this.#unacknowledged.size >= UNACKNOWLEDGED_MAX) {
      await this.#room.promise;
    }
    const attached = this.#attached;
    if (attached === undefined) return;
    const { messages, now } = this.#deps;
    const message = await messages.startAttempt(messageId, now());
    const to = message && parseRecipient(message.chatId);
    if (message === undefined || to === undefined) return;
    this.#unacknowledged.set(message.waId, message);
    try {
      await attached.socket.send({ waId: message.waId, to, content: message.content });
      this.#watch(message, attached);
    } catch (err) {
      await this.#onSendError(message, attached.socket, err);
    }
  }

  /** While the socket lives the failure is the message's own; otherwise the next socket tries again. */
  async #onSendError(message: Message, socket: WhatsAppSocket, err: unknown): Promise<void> {
    const { messageId, waId, instanceId } = message;
    this.#deps.log.warn({ err, instanceId, messageId }, 'A message could not be sent.');
    if (!socket.isOpen) return;
    this.#unacknowledged.delete(waId);
    const failures = (this.#localFailures.get(messageId) ?? 0) + 1;
    this.#localFailures.set(messageId, failures);
    if (failures < LOCAL_FAILURES_MAX) {
      this.#rung = true;
      return;
    }
    this.#localFailures.delete(messageId);
    const { messages, onFailed, metrics, now } = this.#deps;
    const at = now();
    const failed = await messages.finish(message, {
      to: 'FAILED',
      at,
      failure: { code: 'send_failed', message: 'The message could not be sent.' },
    });
    if (failed === undefined) return;
    countEnded({ before: message, after: failed, at }, metrics);
    onFailed(failed);
  }

  #watch({ waId, instanceId, messageId }: Message, { socket, detach }: Attached): void {
    this.#localFailures.delete(messageId);
    this.#deps.sleep(ACK_TIMEOUT_MS, detach.signal).then(
      () => {
        if (!this.#unacknowledged.has(waId) || detach.signal.aborted) return;
        this.#deps.log.warn({ instanceId, messageId }, 'WhatsApp did not acknowledge a message.');
        return socket.close('ack_timeout');
      },
      () => undefined,
    );
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}

type Attached = { readonly socket: WhatsAppSocket; readonly detach: AbortController };
