import {
  type AuthenticationCreds,
  jidNormalizedUser,
  type proto,
  type WAMessageKey,
  type WASocket,
} from '@whiskeysockets/baileys';
import { type Recipient, toChatId } from '#shared/domain/recipient.ts';
import type { AuthState } from '../journal/auth-state.ts';
import { ChatBook } from '../outbound/chat-book.ts';
import { type OutgoingMessage, SendRefused } from '../session/outgoing-message.ts';
import type { NumberCheck, Presence, ReadMessage } from '../session/whatsapp-socket.ts';
import { type ComposeDeps, composeMessage } from './compose-message.ts';
import { asGroupRefusal } from './group-refusal.ts';
import { fromJid, toJid } from './jid.ts';
import { QUERY_TIMEOUT_MS } from './query-timeout.ts';

/** A phone that was off for two weeks may still ask; later than that nobody waits for the message any more. */
const ASKED_AGAIN_WITHIN_MS = 14 * 24 * 3_600_000;

export type BaileysSenderDeps = {
  readonly auth: AuthState;
  readonly creds: AuthenticationCreds;
  readonly findMessage: ComposeDeps['findMessage'];
  /** WhatsApp has not answered in time: the line is not to be trusted. */
  readonly onSilence: () => Promise<void>;
  readonly now: () => Date;
};

/** Everything that goes out on one Baileys socket because somebody asked for it. */
export class BaileysSender {
  readonly #socket: WASocket;
  readonly #deps: BaileysSenderDeps;
  readonly #chats: ChatBook;

  constructor(socket: WASocket, deps: BaileysSenderDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#chats = new ChatBook(deps.auth);
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { waId, to } = message;
    const { wire, attributes, nodes } = await composeMessage(message, this.#composing());
    await this.#asking(async (requireAnswered) => {
      if (to.kind === 'phone' && this.#chats.isNew(to)) await this.#requireOnWhatsApp(to.phone);
      if (to.kind !== 'group') await this.#findSessions(to);
      requireAnswered();
      this.#chats.remember(to, this.#deps.now(), 'us');
      const relayed = this.#socket.relayMessage(toJid(to), wire, {
        messageId: waId,
        additionalAttributes: attributes,
        ...(nodes.length > 0 && { additionalNodes: nodes }),
      });
      await relayed.catch((error: unknown) => {
        throw to.kind === 'group' ? asGroupRefusal(error) : error;
      });
    });
  }

  async checkNumber(phone: string): Promise<NumberCheck> {
    return await this.#asking(async (requireAnswered) => {
      const [found] = (await this.#socket.onWhatsApp(phone)) ?? [];
      requireAnswered();
      if (!found?.exists) return { exists: false };
      const lid = await this.#socket.signalRepository.lidMapping.getLIDForPN(found.jid);
      return {
        exists: true,
        jid: jidNormalizedUser(found.jid),
        ...(lid && { lid: jidNormalizedUser(lid) }),
      };
    });
  }

  async showPresence(chat: Recipient, presence: Presence): Promise<void> {
    await this.#socket.sendPresenceUpdate(presence, toJid(chat));
  }

  async markRead(messages: readonly ReadMessage[]): Promise<void> {
    const keys = messages.map(({ waId: id, remoteJid, participant }) => ({
      id,
      remoteJid,
      fromMe: false,
      ...(participant !== undefined && { participant }),
    }));
    await this.#asking(() => this.#socket.readMessages(keys));
  }

  /**
   * Does what needs WhatsApp's answers. Baileys takes a question that was not answered for an empty answer
   * (Socket/socket.js, waitForMessage): what took so long was none, and not the message is at fault, but the line.
   */
  async #asking<T>(work: (requireAnswered: () => void) => Promise<T>): Promise<T> {
    const startedMs = this.#deps.now().getTime();
    const wasUnanswered = () => this.#deps.now().getTime() - startedMs >= QUERY_TIMEOUT_MS;
    try {
      return await work(() => {
        if (wasUnanswered()) throw new Error('WhatsApp did not answer.');
      });
    } catch (cause) {
      if (wasUnanswered()) await this.#deps.onSilence();
      throw cause;
    }
  }

  async #requireOnWhatsApp(phone: string): Promise<void> {
    if ((await this.checkNumber(phone)).exists) return;
    throw new SendRefused('not_on_whatsapp', 'The number is not on WhatsApp.');
  }

  /** For a phone that could not decrypt a message of ours and asks for it again. */
  async composeAgain({ id: waId, remoteJid }: WAMessageKey): Promise<proto.IMessage | undefined> {
    const chat = fromJid(remoteJid);
    if (!waId || chat === undefined) return undefined;
    const target = { waId, chatId: toChatId(chat), fromMe: true };
    const kept = await this.#deps.findMessage(target);
    if (kept?.kind !== 'own') return undefined;
    const ageMs = this.#deps.now().getTime() - kept.message.at.getTime();
    if (ageMs > ASKED_AGAIN_WITHIN_MS) return undefined;
    return (await composeMessage(kept.message, this.#composing())).wire;
  }

  #composing(): ComposeDeps {
    const { me } = this.#deps.creds;
    const ownJid = me ? jidNormalizedUser(me.id) : '';
    return { ownJid, findMessage: this.#deps.findMessage };
  }

  /**
   * Asks for all that a send to a person needs to know. Baileys would do it on the way, but takes a question that
   * was not answered for an empty answer, and sends the message to nobody (Socket/socket.js, waitForMessage).
   */
  async #findSessions(to: OutgoingMessage['to']): Promise<void> {
    const { me } = this.#deps.creds;
    const own = to.kind === 'lid' ? (me?.lid ?? me?.id) : me?.id;
    const people = [toJid(to), ...(own === undefined ? [] : [jidNormalizedUser(own)])];
    const devices = await this.#socket.getUSyncDevices(people, true, false);
    await this.#socket.assertSessions(devices.map(({ jid }) => jid));
  }
}
