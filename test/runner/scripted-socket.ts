import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import type {
  CloseReason,
  MediaConnection,
  NumberCheck,
  Presence,
  ReadMessage,
  SocketListener,
  WhatsAppSocket,
} from '#runner/session/whatsapp-socket.ts';
import { type Recipient, toChatId } from '#shared/domain/recipient.ts';

/** A connection on which nothing happens but what the test says. */
export class ScriptedSocket implements WhatsAppSocket {
  readonly closed: Promise<CloseReason>;
  readonly #closing = Promise.withResolvers<CloseReason>();
  isOpen: boolean;
  readonly sent: OutgoingMessage[] = [];
  /** Why it was closed by us, each time. */
  readonly closes: CloseReason[] = [];
  logouts = 0;
  /** `<chat> <presence>`, each time. */
  readonly shown: string[] = [];
  readonly read: ReadMessage[] = [];
  /** What happens to a message that is sent; nothing usually. */
  onSend: (message: OutgoingMessage) => Promise<void> = async () => undefined;
  onCheck: (phone: string) => Promise<NumberCheck> = async () => ({ exists: false });
  onShow: () => Promise<void> = async () => undefined;
  onPair: (phone: string) => Promise<string> = async () => 'ABCD1234';

  constructor({ isOpen = true } = {}) {
    this.closed = this.#closing.promise;
    this.isOpen = isOpen;
  }

  get sentIds(): string[] {
    return this.sent.map(({ waId }) => waId);
  }

  async send(message: OutgoingMessage): Promise<void> {
    this.sent.push(message);
    await this.onSend(message);
  }

  async checkNumber(phone: string): Promise<NumberCheck> {
    return await this.onCheck(phone);
  }

  async showPresence(chat: Recipient, presence: Presence): Promise<void> {
    this.shown.push(`${toChatId(chat)} ${presence}`);
    await this.onShow();
  }

  async markRead(messages: readonly ReadMessage[]): Promise<void> {
    this.read.push(...messages);
  }

  async mediaConnection(): Promise<MediaConnection> {
    return { hosts: ['media.invalid'], auth: 'token' };
  }

  async requestPairingCode(phone: string): Promise<string> {
    return await this.onPair(phone);
  }

  async logout(): Promise<void> {
    this.logouts += 1;
    this.end('logged_out');
  }

  async close(reason: CloseReason): Promise<void> {
    this.closes.push(reason);
    this.end(reason);
  }

  /** The other side, or the network, ends it. */
  end(reason: CloseReason): void {
    this.isOpen = false;
    this.#closing.resolve(reason);
  }
}

/** A connection as a session sees it, with the session's ear to it. */
export class HeardSocket extends ScriptedSocket {
  readonly instanceId: string;
  readonly listener: SocketListener;

  constructor(instanceId: string, listener: SocketListener) {
    super({ isOpen: false });
    this.instanceId = instanceId;
    this.listener = listener;
  }

  open(user = { id: '2349040613521:8@s.whatsapp.net', name: 'Shop' }): void {
    this.isOpen = true;
    this.listener.onOpen(user);
  }
}
