import makeWASocket, {
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  type WASocket,
  type WAVersion,
} from '@whiskeysockets/baileys';
import { type Logger, pino } from 'pino';
import type { Recipient } from '#shared/domain/recipient.ts';
import type { Person } from '../inbound/inbound-message.ts';
import { LogOvertaken } from '../journal/auth-log.ts';
import type { AuthState } from '../journal/auth-state.ts';
import { RecentIds } from '../recent-ids.ts';
import type { OutgoingMessage } from '../session/outgoing-message.ts';
import type {
  CloseReason,
  MediaConnection,
  NumberCheck,
  Presence,
  ReadMessage,
  SocketListener,
  WhatsAppSocket,
} from '../session/whatsapp-socket.ts';
import { durableKeys, loadCreds, phoneOfLid, stageCreds } from './baileys-auth.ts';
import { BaileysSender } from './baileys-sender.ts';
import { statusCodeOf, toCloseReason } from './close-reason.ts';
import type { ComposeDeps } from './compose-message.ts';
import { gateWire } from './gate-wire.ts';
import { hangUpSoon } from './hang-up.ts';
import { Inbox, type InboxEntry } from './inbox.ts';
import { Line } from './line.ts';
import { listenForNotices, type NoticeListenerDeps } from './listen-for-notices.ts';
import { MediaConnections } from './media-connections.ts';
import { personOf, withPhone } from './person.ts';
import { QUERY_TIMEOUT_MS } from './query-timeout.ts';
import { readAck, readReceipt } from './read-acknowledgement.ts';
import { readInbound } from './read-inbound.ts';
import { rememberOwnAlone } from './remember-own.ts';
import { writeBeforeWire } from './signal-repository.ts';
import { userDevicesCache } from './user-devices-cache.ts';

/** Baileys shows the first QR code for a minute and each later one for 20 s (Socket/socket.js, genPairQR). */
const FIRST_QR_MS = 60_000;
const LATER_QR_MS = 20_000;

/** Baileys' timer may ring a little before our clock says so. */
const TIMER_SLACK_MS = 1_000;

/** A line that has gone silent is noticed after one to two of these (Socket/socket.js, startKeepAliveRequest). */
const KEEP_ALIVE_EVERY_MS = 15_000;

/** Baileys works on them one after the other; of a longer queue it keeps some that it need not. */
const RECEIVED_IDS_MAX = 512;

/** Baileys' own lines hold numbers and keys, so none is kept. */
const SILENT = pino({ level: 'silent' });

export type SocketOptions = {
  readonly instanceId: string;
  /** `undefined` for WhatsApp's own. */
  readonly url?: string | undefined;
  readonly version?: WAVersion | undefined;
  readonly auth: AuthState;
  readonly listener: SocketListener;
  /** A message of this instance, sent or received: for what is about it, and for a phone that asks for it again. */
  readonly findMessage: ComposeDeps['findMessage'];
  /** `false` for good when the runner may not hold the instance any more. */
  readonly mayAct: () => boolean;
  readonly now: () => Date;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly log: Logger;
};

/** A `WhatsAppSocket` by Baileys. It connects when it is made. */
export class BaileysSocket implements WhatsAppSocket {
  readonly closed: Promise<CloseReason>;
  readonly #options: SocketOptions;
  readonly #creds: AuthenticationCreds;
  readonly #inbox: Inbox;
  readonly #sender: BaileysSender;
  readonly #socket: WASocket;
  readonly #mediaConnections: MediaConnections;
  /** Of messages that Baileys may still be working on. */
  readonly #receivedIds = new RecentIds(RECEIVED_IDS_MAX);
  readonly #firstQr = Promise.withResolvers<void>();
  readonly #closing = Promise.withResolvers<CloseReason>();
  readonly #leaveAuth: () => void;
  #forcedReason: CloseReason | undefined;
  #isOpen = false;
  #qrCount = 0;
  #qrExpiresAt: Date | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.closed = this.#closing.promise;
    this.#leaveAuth = options.auth.onFailure((cause) => this.#onAuthFailure(cause));
    this.#creds = loadCreds(options.auth);
    this.#inbox = new Inbox(options.auth);
    for (const entry of this.#inbox.unhandled()) this.#passOn(entry);
    this.#socket = this.#connect();
    this.#sender = new BaileysSender(this.#socket, {
      ...options,
      creds: this.#creds,
      onSilence: () => this.close('connection_lost'),
    });
    this.#mediaConnections = new MediaConnections({
      query: async (stanza) => await this.#socket.query(stanza, QUERY_TIMEOUT_MS),
      now: options.now,
    });
  }

  /** When Baileys hangs up by itself, it says so only after the line is closed: meanwhile it takes nothing. */
  get isOpen(): boolean {
    return this.#isOpen && this.#socket.ws.isOpen;
  }

  send(message: OutgoingMessage): Promise<void> {
    return this.#sender.send(message);
  }

  checkNumber(phone: string): Promise<NumberCheck> {
    return this.#sender.checkNumber(phone);
  }

  showPresence(chat: Recipient, presence: Presence): Promise<void> {
    return this.#sender.showPresence(chat, presence);
  }

  markRead(messages: readonly ReadMessage[]): Promise<void> {
    return this.#sender.markRead(messages);
  }

  async mediaConnection(options?: { readonly renew?: boolean }): Promise<MediaConnection> {
    if (!this.isOpen) throw new Error('The socket is not open.');
    return await this.#mediaConnections.get(options);
  }

  async requestPairingCode(phone: string): Promise<string> {
    const ended = this.closed.then((reason) => Promise.reject(new Error(`Closed: ${reason}.`)));
    await Promise.race([this.#firstQr.promise, ended]);
    return await this.#socket.requestPairingCode(phone);
  }

  async logout(): Promise<void> {
    this.#isOpen = false;
    this.#forcedReason = 'logged_out';
    await this.#socket.logout();
    await this.closed;
  }

  /** Nothing can be sent from now on, however long the other side takes to hear of it. */
  async close(reason: CloseReason): Promise<void> {
    this.#isOpen = false;
    this.#forcedReason ??= reason;
    await this.#socket.end(undefined);
    await this.closed;
  }

  #connect(): WASocket {
    const { auth, url, version, mayAct, now, sleep } = this.#options;
    const line = new Line(url?.startsWith('ws:') ? 'ws' : 'wss');
    const socket = makeWASocket({
      agent: line.agent,
      auth: { creds: this.#creds, keys: durableKeys(auth) },
      logger: SILENT,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      generateHighQualityLinkPreview: false,
      keepAliveIntervalMs: KEEP_ALIVE_EVERY_MS,
      defaultQueryTimeoutMs: QUERY_TIMEOUT_MS,
      transactionOpts: { maxCommitRetries: 2, delayBetweenTriesMs: 100 },
      userDevicesCache: userDevicesCache(auth, now),
      makeSignalRepository: writeBeforeWire(auth, this.#inbox, (entry) => this.#passOn(entry)),
      getMessage: (key) => this.#sender.composeAgain(key),
      ...(url !== undefined && { waWebSocketUrl: url }),
      ...(version !== undefined && { version }),
    });
    rememberOwnAlone(socket.messageRetryManager, (waId) => this.#receivedIds.has(waId));
    gateWire(socket.ws, mayAct);
    hangUpSoon(socket.ws, { line, sleep });
    listenForNotices(socket, this.#noticing());
    socket.ev.on('creds.update', () => this.#keepCreds());
    socket.ev.on('connection.update', (update) => this.#onUpdate(update));
    socket.ws.prependListener('CB:message', (stanza: BinaryNode) => this.#onStanza(stanza));
    socket.ws.on('CB:ack,class:message', (stanza: BinaryNode) => this.#onAck(stanza));
    socket.ws.on('CB:receipt', (stanza: BinaryNode) => this.#onReceipt(stanza));
    return socket;
  }

  #onUpdate({ connection, qr, isNewLogin, lastDisconnect }: Partial<ConnectionState>): void {
    const { listener, now } = this.#options;
    if (qr !== undefined) {
      const validMs = this.#qrCount === 0 ? FIRST_QR_MS : LATER_QR_MS;
      this.#qrCount += 1;
      this.#qrExpiresAt = new Date(now().getTime() + validMs);
      listener.onQr(qr, this.#qrExpiresAt);
      this.#firstQr.resolve();
    }
    if (isNewLogin) listener.onLinked();
    if (connection === 'open') this.#onOpen();
    if (connection === 'close') this.#onClose(lastDisconnect?.error);
  }

  #onOpen(): void {
    const { me } = this.#creds;
    if (me === undefined) return;
    this.#isOpen = true;
    const lid = me.lid === undefined ? {} : { lid: me.lid };
    this.#options.listener.onOpen({ id: me.id, name: me.name ?? '', ...lid });
  }

  #onClose(error: unknown): void {
    this.#isOpen = false;
    this.#leaveAuth();
    const reason = toCloseReason(statusCodeOf(error), this.#haveCodesRunOut());
    this.#closing.resolve(this.#forcedReason ?? reason);
  }

  /** Baileys shows the next code when one has run out: so a code that was left is the last. */
  #haveCodesRunOut(): boolean {
    const leftMs = (this.#qrExpiresAt?.getTime() ?? Infinity) - this.#options.now().getTime();
    return leftMs < TIMER_SLACK_MS;
  }

  /**
   * Baileys puts backlog messages in a queue of their own, so that those that come in meanwhile overtake them
   * (messages-recv.js, offlineNodeProcessor). Without the mark all are worked on as they came.
   */
  #onStanza(stanza: BinaryNode): void {
    if (stanza.attrs['id'] !== undefined) this.#receivedIds.add(stanza.attrs['id']);
    this.#inbox.noteStanza(stanza);
    delete stanza.attrs['offline'];
  }

  #onAck(stanza: BinaryNode): void {
    const ack = readAck(stanza);
    if (ack) this.#options.listener.onAck(ack);
  }

  #onReceipt(stanza: BinaryNode): void {
    const receipt = readReceipt(stanza);
    if (receipt) this.#options.listener.onReceipt(receipt);
  }

  #keepCreds(): void {
    const { auth } = this.#options;
    stageCreds(auth, this.#creds);
    // Who listens for a failure has heard of it.
    auth.flush().catch(() => undefined);
  }

  /** A state that cannot be written must not be used: what it would send could never be told from a repeat. */
  #onAuthFailure(err: unknown): void {
    const { log, instanceId } = this.#options;
    log.error({ err, instanceId }, 'The auth state could not be written.');
    const reason = err instanceof LogOvertaken ? 'overtaken' : 'storage_failed';
    this.close(reason).catch(() => undefined);
  }

  #noticing(): NoticeListenerDeps {
    const { auth, listener, now, log, instanceId } = this.#options;
    return {
      reader: () => {
        const { me } = this.#creds;
        const known = (person: Person) => withPhone(person, (lid) => phoneOfLid(auth, lid));
        return me && { me: personOf([me.id, me.lid]), known };
      },
      // Baileys counts after it has passed on what came at first (Socket/chats.js, doAppStateSync).
      isSynced: () => this.#creds.accountSyncCounter > 0,
      onNotice: (notice) => listener.onNotice(notice),
      onUnreadable: (err) => log.warn({ err, instanceId }, 'A notice could not be read.'),
      now,
    };
  }

  #passOn(entry: InboxEntry): void {
    const { auth, listener, log, instanceId } = this.#options;
    const done = () => this.#inbox.markHandled(entry.id);
    const { me } = this.#creds;
    try {
      const message =
        me && readInbound(entry, { id: me.id, lid: me.lid }, (lid) => phoneOfLid(auth, lid));
      if (message) listener.onMessage(message, done);
      else done();
    } catch (err) {
      log.warn({ err, instanceId }, 'A message could not be read.');
      done();
    }
  }
}
