import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import { isOutdated, type Message } from '#shared/domain/message.ts';
import type { ChoiceRepository } from '#shared/repositories/choice-repository.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { OutboxEntry, OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { SendRefused, toOutgoing } from '../session/outgoing-message.ts';
import type { WhatsAppSocket } from '../session/whatsapp-socket.ts';
import type { ChatBook } from './chat-book.ts';
import type { GiveUp } from './give-up.ts';
import { HeldBack } from './held-back.ts';
import { LocalFailures } from './local-failures.ts';
import type { MediaPreparer } from './media-preparer.ts';
import type { SendPacer } from './send-pacer.ts';

/** Sent and not yet acknowledged, at the same time. */
const UNACKNOWLEDGED_MAX = 32;
/** WhatsApp acknowledges in well under a second; after this long the connection is not to be trusted. */
export const ACK_TIMEOUT_MS = 20_000;

export type OutboxDeps = {
  readonly messages: MessageRepository;
  readonly outbox: OutboxRepository;
  readonly choices: ChoiceRepository;
  readonly media: MediaPreparer;
  readonly pacer: SendPacer;
  readonly giveUp: GiveUp;
  readonly now: () => Date;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

type Attached = {
  readonly socket: WhatsAppSocket;
  readonly chats: ChatBook;
  readonly detach: AbortController;
};

/**
 * Works one instance's outbox, in the order in which messages are due, one at a time, while a socket is attached. A
 * message that cannot go yet holds up those behind it in its chat, and no other. What was sent and not acknowledged
 * when a socket ends is *in doubt*: it is still in the outbox, and the next socket sends it again under the same
 * WhatsApp id.
 */
export class OutboxWorker {
  readonly #instanceId: string;
  readonly #deps: OutboxDeps;
  /** By WhatsApp id. */
  readonly #unacknowledged = new Map<string, Message>();
  readonly #localFailures = new LocalFailures();
  #room: PromiseWithResolvers<void> = Promise.withResolvers();
  #attached: Attached | undefined;
  #working: Promise<void> | undefined;
  #rung = false;
  #alarm: AbortController | undefined;

  constructor(instanceId: string, deps: OutboxDeps) {
    this.#instanceId = instanceId;
    this.#deps = deps;
  }

  /** A socket is open: everything that waits goes out on it. */
  attach(socket: WhatsAppSocket, chats: ChatBook): void {
    this.detach();
    this.#unacknowledged.clear();
    this.#attached = { socket, chats, detach: new AbortController() };
    this.ring();
  }

  /** The customer may have set another pace: what waits by the former one may go sooner. */
  adopt(instance: Instance): void {
    if (this.#deps.pacer.adopt(instance)) this.ring();
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
    const message = this.#unacknowledged.get(waId);
    if (message === undefined) return;
    this.#unacknowledged.delete(waId);
    this.#deps.media.forget(message.messageId);
    this.#makeRoom();
  }

  /** Resolves when no send is under way. An upload may be: it does no harm, and nobody waits for it. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      while (this.#rung && this.#attached !== undefined) {
        this.#rung = false;
        await this.#goThrough(this.#attached);
      }
    } catch (err) {
      const instanceId = this.#instanceId;
      this.#deps.log.error({ err, instanceId }, 'The outbox could not be worked.');
    }
  }

  /** Once through all that is due. */
  async #goThrough(attached: Attached): Promise<void> {
    const { outbox, now } = this.#deps;
    const held = new HeldBack();
    for await (const entry of outbox.due(this.#instanceId, now())) {
      // A socket that is being closed takes nothing: what would be tried on it were in doubt for nothing.
      if (this.#attached !== attached || !attached.socket.isOpen) return;
      if (held.holds(entry.chatId) || this.#isUnderWay(entry)) continue;
      await this.#handle(entry, attached, held);
      if (held.isAll) break;
    }
    this.#wakeAt(held.wakeAtMs, attached);
  }

  async #handle(entry: OutboxEntry, attached: Attached, held: HeldBack): Promise<void> {
    const { media, pacer, giveUp, now } = this.#deps;
    const { messageId, chatId } = entry;
    const at = now();
    // One that an attempt was made of may have left: its end is for WhatsApp to tell.
    if (isOutdated(entry, at) && (await giveUp(entry, { to: 'EXPIRED' }, ['QUEUED']))) {
      return media.forget(messageId);
    }
    const dueMs = entry.sendAt === undefined ? 0 : new Date(entry.sendAt).getTime();
    if (dueMs > at.getTime()) return held.wakeAt(dueMs);
    const againMs = this.#localFailures.againMs(messageId) ?? 0;
    if (againMs > at.getTime()) {
      held.wakeAt(againMs);
      return held.hold(chatId);
    }
    if (entry.hasMedia && !media.isReady(messageId)) {
      const { socket, detach } = attached;
      media.start(messageId, socket, () => this.ring(), detach.signal);
      return held.hold(chatId);
    }
    const pace = pacer.decide(chatId, attached.chats);
    if (pace.kind === 'wait') {
      held.wakeAt(pace.untilMs);
      return pace.scope === 'session' ? held.holdAll() : held.hold(chatId);
    }
    if (!(await this.#sendOne(messageId, attached))) held.hold(chatId);
  }

  #isUnderWay({ messageId }: OutboxEntry): boolean {
    return [...this.#unacknowledged.values()].some((sent) => sent.messageId === messageId);
  }

  /** `false` when it is to be tried again. */
  async #sendOne(messageId: string, attached: Attached): Promise<boolean> {
    const { messages, pacer, now } = this.#deps;
    while (this.#attached === attached && this.#unacknowledged.size >= UNACKNOWLEDGED_MAX) {
      await this.#room.promise;
    }
    if (this.#attached !== attached) return false;
    const message = await messages.startAttempt(messageId, now());
    const outgoing = message && toOutgoing(message);
    if (message === undefined || outgoing === undefined) return true;
    this.#unacknowledged.set(message.waId, message);
    pacer.note(message.chatId);
    await this.#keepChoices(message);
    try {
      await this.#showTyping(message, attached);
      await attached.socket.send(outgoing);
      this.#watch(message, attached);
      return true;
    } catch (err) {
      return await this.#onSendError(message, attached.socket, err);
    }
  }

  /** Before it leaves: a reply may be quick. */
  async #keepChoices(message: Message): Promise<void> {
    const { content } = message;
    if (!('choices' in content) || content.choices === undefined) return;
    await this.#deps.choices.keep(message, content.choices, this.#deps.now());
  }

  /** A presence that cannot be shown is no reason not to send. */
  async #showTyping(message: Message, { socket, detach }: Attached): Promise<void> {
    const { pacer, sleep } = this.#deps;
    const delayMs = pacer.typingMs(message.content);
    const outgoing = toOutgoing(message);
    if (delayMs === 0 || outgoing === undefined) return;
    await socket.showPresence(outgoing.to, 'composing').catch(() => undefined);
    await sleep(delayMs, detach.signal);
  }

  /** While the socket lives the failure is the message's own; otherwise the next socket tries again. */
  async #onSendError(message: Message, socket: WhatsAppSocket, err: unknown): Promise<boolean> {
    const { messageId, waId, instanceId } = message;
    const { giveUp, log } = this.#deps;
    if (err instanceof SendRefused) {
      this.settle(waId);
      const failure = { code: err.code, message: err.message };
      await giveUp(message, { to: 'FAILED', failure });
      return true;
    }
    log.warn({ err, instanceId, messageId }, 'A message could not be sent.');
    if (!socket.isOpen) return false;
    this.#unacknowledged.delete(waId);
    if (this.#localFailures.note(messageId, this.#deps.now()) === 'again') {
      // The next way through sets the alarm.
      this.#rung = true;
      return false;
    }
    this.#deps.media.forget(messageId);
    const failure = { code: 'send_failed', message: 'The message could not be sent.' };
    await giveUp(message, { to: 'FAILED', failure });
    return true;
  }

  #watch({ waId, instanceId, messageId }: Message, { socket, detach }: Attached): void {
    this.#localFailures.forget(messageId);
    this.#deps.sleep(ACK_TIMEOUT_MS, detach.signal).then(
      () => {
        if (!this.#unacknowledged.has(waId) || detach.signal.aborted) return;
        this.#deps.log.warn({ instanceId, messageId }, 'WhatsApp did not acknowledge a message.');
        return socket.close('ack_timeout');
      },
      () => undefined,
    );
  }

  /** Rings by itself when the first of those that must wait may go. */
  #wakeAt(atMs: number | undefined, { detach }: Attached): void {
    this.#alarm?.abort();
    if (atMs === undefined) return;
    this.#alarm = new AbortController();
    const signal = AbortSignal.any([detach.signal, this.#alarm.signal]);
    const delayMs = Math.max(0, atMs - this.#deps.now().getTime());
    this.#deps.sleep(delayMs, signal).then(
      () => this.ring(),
      () => undefined,
    );
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
