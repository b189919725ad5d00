import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import makeWASocket, {
  type AnyMessageContent,
  type AuthenticationCreds,
  type BaileysEventMap,
  initAuthCreds,
  type MiscMessageGenerationOptions,
  type proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  WA_CERT_DETAILS,
  type WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';

import type { SimulatorConnection } from '#simulator/simulator.ts';

import { call } from './control-client.ts';
import { eventually } from './eventually.ts';

const RESTART_REQUIRED = 515;

type KeyMap = Map<string, unknown>;

/** What a linked device keeps between its connections: Baileys' creds and keys, in memory. */
export class ClientState {
  readonly creds: AuthenticationCreds;
  readonly #keys: KeyMap;

  constructor(creds: AuthenticationCreds = initAuthCreds(), keys: KeyMap = new Map()) {
    this.creds = creds;
    this.#keys = keys;
  }

  /** The state as it is now; a device that starts with it has forgotten what came later. */
  snapshot(): ClientState {
    return new ClientState({ ...this.creds }, new Map(this.#keys));
  }

  /** Loses its Signal sessions, as a device with a damaged store. */
  loseSessions(): void {
    this.#lose('session/');
  }

  /** Loses the sender keys of its groups. */
  loseSenderKeys(): void {
    this.#lose('sender-key/');
  }

  #lose(prefix: string): void {
    for (const key of this.#keys.keys()) if (key.startsWith(prefix)) this.#keys.delete(key);
  }

  readonly keys = {
    get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      const found: { [id: string]: SignalDataTypeMap[T] } = {};
      for (const id of ids) {
        const value = this.#keys.get(`${type}/${id}`);
        // The map holds under a type's name only what Baileys stored under it.
        if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
      }
      return found;
    },
    set: async (data: SignalDataSet) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries ?? {})) {
          if (value === null || value === undefined) this.#keys.delete(`${type}/${id}`);
          else this.#keys.set(`${type}/${id}`, value);
        }
      }
    },
  };
}

type Ack = { readonly id: string; readonly error: string | undefined };
type Update = BaileysEventMap['messages.update'][number];
type Received = BaileysEventMap['messages.upsert']['messages'][number];

/** An unmodified Baileys socket, and everything that it has told us. */
export class Client {
  readonly received: Received[] = [];
  readonly updates: Update[] = [];
  readonly groupReceipts: BaileysEventMap['message-receipt.update'] = [];
  readonly acks: Ack[] = [];
  readonly sent = new Map<string, proto.IMessage>();
  readonly state: ClientState;
  qr: string | undefined;
  /** `open`, or the status code with which it ended. */
  ended: number | undefined;
  isOpen = false;
  readonly socket: WASocket;

  constructor(
    simulator: Pick<SimulatorConnection, 'url' | 'noiseRoot'>,
    state: ClientState,
    options: Partial<UserFacingSocketConfig> = {},
  ) {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.noiseRoot, 'base64');
    this.state = state;
    this.socket = makeWASocket({
      auth: { creds: state.creds, keys: state.keys },
      waWebSocketUrl: simulator.url,
      logger: pino({ level: 'silent' }),
      markOnlineOnConnect: false,
      generateHighQualityLinkPreview: false,
      getMessage: async (key) => this.sent.get(key.id ?? ''),
      ...options,
    });
    this.#listen();
  }

  /** Sends any content and waits for the server's ack; returns the message's id. */
  async send(
    jid: string,
    content: AnyMessageContent,
    options?: MiscMessageGenerationOptions,
  ): Promise<string> {
    const sent = await this.socket.sendMessage(jid, content, options);
    if (!sent?.key.id || !sent.message) throw new Error('Baileys returned no message.');
    this.sent.set(sent.key.id, sent.message);
    await this.untilAcked(sent.key.id);
    return sent.key.id;
  }

  /** Waits until the message has come, and returns it. */
  async untilReceived(id: string): Promise<Received> {
    return eventually(() => this.received.find(({ key, message }) => key.id === id && message));
  }

  /** Sends a text and returns its id. */
  async sendText(jid: string, text: string, messageId?: string): Promise<string> {
    const options = messageId === undefined ? {} : { messageId };
    const sent = await this.socket.sendMessage(jid, { text, linkPreview: null }, options);
    if (!sent?.key.id || !sent.message) throw new Error('Baileys returned no message.');
    this.sent.set(sent.key.id, sent.message);
    return sent.key.id;
  }

  /** Sends a text and waits for the server's ack: then the phones have it. */
  async sendAcked(jid: string, text: string): Promise<string> {
    const id = await this.sendText(jid, text);
    await this.untilAcked(id);
    return id;
  }

  async untilAcked(id: string): Promise<Ack> {
    return eventually(() => this.acks.find((ack) => ack.id === id));
  }

  /** The texts that arrived from others, in order. */
  texts(): string[] {
    return this.received.flatMap((message) => {
      const { conversation, extendedTextMessage } = message.message ?? {};
      const text = conversation || extendedTextMessage?.text;
      return !message.key.fromMe && text ? [text] : [];
    });
  }

  /** The newest state that receipts gave the message (3 delivered, 4 read). */
  statusOf(id: string): number {
    const all = [
      ...this.updates,
      ...this.received.map(({ key, status }) => ({ key, update: { status } })),
    ];
    const found = all.flatMap(({ key, update }) => (key.id === id ? [update.status ?? 0] : []));
    return Math.max(0, ...found);
  }

  /** Who has got the group message; Baileys merges early receipts into the message itself. */
  readersOf(id: string): string[] {
    const merged = this.received.filter(({ key }) => key.id === id);
    const early = merged.flatMap(({ userReceipt }) => userReceipt ?? []);
    const late = this.groupReceipts.filter(({ key }) => key.id === id);
    return [...early, ...late.map(({ receipt }) => receipt)].map(({ userJid }) => userJid ?? '');
  }

  async untilOpen(): Promise<this> {
    await eventually(
      () => {
        if (this.ended !== undefined) throw new Error(`The socket ended with ${this.ended}.`);
        return this.isOpen;
      },
      { givesUpOn: 'error' },
    );
    return this;
  }

  async untilEnded(): Promise<number> {
    return eventually(() => this.ended);
  }

  async close(): Promise<void> {
    await this.socket.end(undefined);
  }

  #listen(): void {
    const { ev, ws } = this.socket;
    ev.on('creds.update', (update) => {
      Object.assign(this.state.creds, update);
    });
    ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr !== undefined) this.qr = qr;
      if (connection === 'open') this.isOpen = true;
      if (connection !== 'close') return;
      this.isOpen = false;
      this.ended = statusCodeOf(lastDisconnect?.error);
    });
    ev.on('messages.upsert', ({ messages }) => void this.received.push(...messages));
    ev.on('messages.update', (updates) => void this.updates.push(...updates));
    ev.on('message-receipt.update', (receipts) => void this.groupReceipts.push(...receipts));
    ws.on('CB:ack,class:message', ({ attrs }: { attrs: Record<string, string> }) => {
      this.acks.push({ id: attrs['id'] ?? '', error: attrs['error'] });
    });
  }
}

function statusCodeOf(error: unknown): number {
  // Baileys ends with a Boom, whose status code is under `output`.
  const output = (error as { output?: { statusCode?: number } } | undefined)?.output;
  return output?.statusCode ?? 0;
}

/** Connects with a state that is linked already. */
export async function connect(
  simulator: SimulatorConnection,
  state: ClientState,
  options?: Partial<UserFacingSocketConfig>,
): Promise<Client> {
  return new Client(simulator, state, options).untilOpen();
}

/** Creates the phone if need be, links a new device by QR code and logs it in. */
export async function pair(
  simulator: SimulatorConnection,
  number: string,
  options: Partial<UserFacingSocketConfig> = {},
): Promise<Client> {
  await call(simulator, 'POST', '/phones', { number });
  const state = new ClientState();
  const first = new Client(simulator, state, options);
  const qr = await eventually(() => first.qr);
  await call(simulator, 'POST', `/phones/${number}/link`, { qr });
  const code = await first.untilEnded();
  if (code !== RESTART_REQUIRED) throw new Error(`Pairing ended with ${code}.`);
  return connect(simulator, state, options);
}

/** An agent for uploads to the simulator's media server. */
export async function mediaAgent(simulator: SimulatorConnection): Promise<Agent> {
  return new Agent({ ca: await readFile(simulator.caCertificatePath) });
}
