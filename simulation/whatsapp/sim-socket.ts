import { LogOvertaken } from '#runner/journal/auth-log.ts';
import { ChatBook } from '#runner/outbound/chat-book.ts';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import type { OpenSocketOptions } from '#runner/session/whatsapp.ts';
import type {
  CloseReason,
  MediaConnection,
  NumberCheck,
  WhatsAppSocket,
} from '#runner/session/whatsapp-socket.ts';
import { type DurableSteps, durableSteps } from '#runner/whatsapp/durable-steps.ts';
import { Inbox, type InboxEntry } from '#runner/whatsapp/inbox.ts';
import { SerialLock } from '#runner/whatsapp/serial-lock.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { Weather } from '../faults/link.ts';
import type { Chance } from '../time/chance.ts';
import type { Host } from '../time/host.ts';
import type { Ledger } from '../world/ledger.ts';
import type { ClientFrame, InboundFrame, OutboundFrame, ServerFrame } from './frames.ts';
import { RatchetBook } from './ratchet-book.ts';
import type { ClientEnd, SimWhatsApp } from './sim-whatsapp.ts';
import { toInbound } from './to-inbound.ts';

const CONNECT_MS = { min: 100, max: 600 } as const;
/** As BaileysSocket has it. */
const KEEP_ALIVE_EVERY_MS = 15_000;
/** To find the recipient's devices, where it is a new one. */
const QUERY_MS = { min: 20, max: 300 } as const;
/** Until a socket that was closed is gone; longer when the other side does not say goodbye. */
const GOODBYE_MS = { min: 5, max: 2_000 } as const;

export type SimSocketDeps = {
  readonly host: Host;
  readonly weather: Weather;
  readonly whatsapp: SimWhatsApp;
  readonly chance: Chance;
  readonly ledger: Ledger;
  /** What it leaves out of what BaileysSocket does, for a mutation. */
  readonly leavesOut: ReadonlySet<'write_before_wire' | 'inbox' | 'stable_wa_id' | 'gate'>;
};

/**
 * A `WhatsAppSocket` to the simulated WhatsApp. Of the real one it has the inbox, the durable steps and the rules of
 * closing and of the gate; libsignal's ratchets are counters.
 */
export class SimSocket implements WhatsAppSocket {
  readonly closed: Promise<CloseReason>;
  readonly #options: OpenSocketOptions;
  readonly #deps: SimSocketDeps;
  readonly #closing = Promise.withResolvers<CloseReason>();
  readonly #inbox: Inbox;
  readonly #steps: DurableSteps;
  readonly #chats: ChatBook;
  readonly #ratchets: RatchetBook;
  readonly #encrypting = new SerialLock();
  readonly #end: ClientEnd;
  readonly #leaveAuth: () => void;
  /** The id that the product gave, by the one on the wire; for a mutation. */
  readonly #wireIds = new Map<string, string>();
  #isOpen = false;
  #isFinished = false;
  #forcedReason: CloseReason | undefined;

  constructor(options: OpenSocketOptions, deps: SimSocketDeps) {
    const { auth, instanceId } = options;
    const { host, chance, whatsapp } = deps;
    this.#options = options;
    this.#deps = deps;
    this.closed = this.#closing.promise;
    this.#leaveAuth = auth.onFailure((cause) => this.#onAuthFailure(cause));
    this.#inbox = new Inbox(auth);
    this.#chats = new ChatBook(auth);
    this.#ratchets = new RatchetBook(auth);
    this.#steps = durableSteps(auth, this.#inbox, (entry) => this.#passOn(entry));
    for (const entry of this.#inbox.unhandled()) this.#passOn(entry);
    this.#end = whatsapp.connect(instanceId, deps, (frame) => this.#onFrame(frame));
    host.after(chance.between(CONNECT_MS.min, CONNECT_MS.max), () => void this.#logIn());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get instanceId(): string {
    return this.#options.instanceId;
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { host, chance } = this.#deps;
    const { waId, to, content } = message;
    if (content.kind !== 'text') throw new Error('Only texts are sent here.');
    if (this.#chats.isNew(to)) await host.sleep(chance.between(QUERY_MS.min, QUERY_MS.max));
    this.#chats.remember(to, this.#options.now(), 'us');
    const chatId = toChatId(to);
    const frame = await this.#encrypting.run(() =>
      this.#durably(async (): Promise<OutboundFrame> => {
        const position = this.#ratchets.stepOut(chatId);
        const cipher = chance.hex(12);
        return {
          kind: 'message',
          waId: this.#wireIdOf(waId),
          chatId,
          position,
          cipher,
          text: content.text,
        };
      }),
    );
    this.#put(frame);
  }

  async checkNumber(): Promise<NumberCheck> {
    return { exists: true };
  }

  async showPresence(): Promise<void> {}

  async markRead(): Promise<void> {}

  async mediaConnection(): Promise<MediaConnection> {
    throw new Error('There are no files here.');
  }

  async requestPairingCode(): Promise<string> {
    throw new Error('Devices are linked by themselves here.');
  }

  async logout(): Promise<void> {
    await this.close('logged_out');
  }

  async close(reason: CloseReason): Promise<void> {
    const { host, chance } = this.#deps;
    this.#isOpen = false;
    this.#forcedReason ??= reason;
    await host.sleep(chance.between(GOODBYE_MS.min, GOODBYE_MS.max));
    this.#finish(reason);
    await this.closed;
  }

  /** The line has gone silent, and the keep-alive has noticed. */
  lose(): void {
    void this.close('connection_lost');
  }

  /** The process is gone: its kernel closes the line. */
  cutOff(): void {
    this.#end.close();
  }

  async #logIn(): Promise<void> {
    if (this.#isFinished || this.#forcedReason !== undefined) return;
    const { auth, instanceId } = this.#options;
    const { ledger } = this.#deps;
    const { device } = this.#end;
    const isLinked = this.#ratchets.isLinked;
    if (!isLinked && device.isLinked) {
      ledger.break(
        'linked_for_good',
        `${instanceId} has lost its keys: it would have to be scanned anew.`,
      );
    }
    if (!isLinked) {
      this.#ratchets.link();
      try {
        await auth.flush();
      } catch {
        // Who listens for a failure has heard of it, and closes.
        return;
      }
    }
    if (this.#isFinished || !this.#mayAct()) return this.#finish('stopped');
    for (const chatId of device.chats.keys()) this.#compare(chatId);
    this.#end.send({ kind: 'login' });
  }

  /** What is on the wire was durable before: no state that is read later may lie behind it. */
  #compare(chatId: string): void {
    const { ledger, host } = this.#deps;
    const { device } = this.#end;
    if (this.#ratchets.lastOut(chatId) >= device.furthest(chatId)) return;
    ledger.break(
      'state_never_goes_back',
      `${host.name} opens ${this.instanceId} at position ${this.#ratchets.lastOut(chatId)} of its ratchet with ${chatId}; ${device.furthest(chatId)} was on the wire.`,
    );
  }

  async #durably<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#deps.leavesOut.has('write_before_wire')) return await this.#steps.durably(work);
    const result = await work();
    // As stock Baileys does it: the frame first.
    this.#options.auth.flush().catch(() => undefined);
    return result;
  }

  #wireIdOf(waId: string): string {
    if (!this.#deps.leavesOut.has('stable_wa_id')) return waId;
    const wireId = `3EB0${this.#deps.chance.hex(18).toUpperCase()}`;
    this.#wireIds.set(wireId, waId);
    return wireId;
  }

  #productIdOf(wireId: string): string {
    return this.#wireIds.get(wireId) ?? wireId;
  }

  #put(frame: Exclude<ClientFrame, { kind: 'login' }>): void {
    if (!this.#mayAct()) {
      this.#finish('stopped');
      throw new Error('The runner must not act any more.');
    }
    if (this.#isFinished) throw new Error('The connection is closed.');
    this.#end.send(frame);
  }

  #pingLater(): void {
    this.#deps.host.after(KEEP_ALIVE_EVERY_MS, () => {
      if (this.#isFinished) return;
      try {
        this.#put({ kind: 'ping' });
        this.#pingLater();
      } catch {
        // The gate has closed the socket.
      }
    });
  }

  #mayAct(): boolean {
    return this.#deps.leavesOut.has('gate') || this.#options.mayAct();
  }

  #onFrame(frame: ServerFrame): void {
    const { listener } = this.#options;
    switch (frame.kind) {
      case 'open':
        if (this.#forcedReason !== undefined) return;
        this.#isOpen = true;
        this.#pingLater();
        listener.onOpen(frame.user);
        return;
      case 'ack':
        listener.onAck({ waId: this.#productIdOf(frame.waId) });
        return;
      case 'progress': {
        const waIds = frame.receipt.waIds.map((waId) => this.#productIdOf(waId));
        listener.onReceipt({ ...frame.receipt, waIds });
        return;
      }
      case 'message':
        // What could not be made durable has no receipt, and comes again.
        void this.#takeMessage(frame).catch(() => undefined);
        return;
      case 'close':
        this.#finish(frame.reason);
        return;
    }
  }

  async #takeMessage(frame: InboundFrame): Promise<void> {
    const { id, chatId, atS, ciphertext } = frame;
    const attrs = { id, from: chatId, t: String(atS) };
    if (this.#deps.leavesOut.has('inbox')) {
      await this.#steps.durably(async () => this.#ratchets.stepIn(frame));
      this.#passOn({ id, attrs, plaintext: frame.plaintext });
    } else {
      const enc = { tag: 'enc', attrs: {}, content: ciphertext };
      this.#inbox.noteStanza({ tag: 'message', attrs, content: [enc] });
      await this.#steps.decryptOnce(ciphertext, async () => this.#decrypt(frame));
    }
    this.#put({ kind: 'receipt', id });
  }

  #decrypt(frame: InboundFrame): Uint8Array {
    const { id, chatId } = frame;
    if (!this.#ratchets.stepIn(frame)) {
      this.#deps.ledger.break(
        'no_inbound_lost',
        `${this.instanceId} has taken the ratchet step of ${id} in ${chatId}, and not kept what it said.`,
      );
    }
    return frame.plaintext;
  }

  #passOn(entry: InboxEntry): void {
    const message = toInbound(entry, this.instanceId);
    this.#options.listener.onMessage(message, () => this.#inbox.markHandled(entry.id));
  }

  #onAuthFailure(cause: unknown): void {
    void this.close(cause instanceof LogOvertaken ? 'overtaken' : 'storage_failed');
  }

  #finish(reason: CloseReason): void {
    this.#isOpen = false;
    this.#isFinished = true;
    this.#leaveAuth();
    this.#end.close();
    this.#closing.resolve(this.#forcedReason ?? reason);
  }
}
