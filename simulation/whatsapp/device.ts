import type { Ledger } from '../world/ledger.ts';
import type { ClientFrame, InboundFrame, OutboundFrame } from './frames.ts';

/** A message of ours as the person in the chat sees it. */
export type Shown = { readonly waId: string; readonly text: string };

type Login = { readonly number: number; readonly hostName: string };

/** What WhatsApp, and the people there, know of one linked device. It watches what the device puts on the wire. */
export class Device {
  readonly instanceId: string;
  readonly #ledger: Ledger;
  /** By chat and position: what was encrypted there. */
  readonly #ciphers = new Map<string, string>();
  /** The furthest position by chat. */
  readonly #furthest = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  readonly #chats = new Map<string, Shown[]>();
  /** Of messages to the device, by chat. */
  readonly #inboundPositions = new Map<string, number>();
  /** Messages to the device of which no receipt has come, oldest first. */
  #waiting: InboundFrame[] = [];
  #login: Login | undefined;
  isLinked = false;

  constructor(instanceId: string, ledger: Ledger) {
    this.instanceId = instanceId;
    this.#ledger = ledger;
  }

  get waiting(): readonly InboundFrame[] {
    return this.#waiting;
  }

  get chats(): ReadonlyMap<string, readonly Shown[]> {
    return this.#chats;
  }

  furthest(chatId: string): number {
    return this.#furthest.get(chatId) ?? 0;
  }

  noteLogin(login: Login): void {
    this.#login = login;
  }

  /** A frame leaves a socket, whether it arrives or not. */
  watch(frame: Exclude<ClientFrame, { kind: 'login' }>, from: Login): void {
    const { instanceId } = this;
    const newest = this.#login;
    if (newest !== undefined && newest.number > from.number && newest.hostName !== from.hostName) {
      this.#ledger.break(
        'older_socket_is_silent',
        `${from.hostName} puts a ${frame.kind} of ${instanceId} on the wire, and ${newest.hostName} has logged in since.`,
      );
    }
    if (frame.kind !== 'message') return;
    const { chatId, position, cipher } = frame;
    const place = `${chatId}|${position}`;
    const before = this.#ciphers.get(place);
    this.#ciphers.set(place, cipher);
    this.#furthest.set(chatId, Math.max(position, this.furthest(chatId)));
    if (before === undefined || before === cipher) return;
    this.#ledger.break(
      'ratchet_used_once',
      `${instanceId} encrypts two messages at position ${position} of its ratchet with ${chatId}.`,
    );
  }

  /** A message arrives. WhatsApp shows an id once; `false` when it came before. */
  show({ waId, chatId, text }: OutboundFrame): boolean {
    const before = this.#texts.get(waId);
    if (before !== undefined) {
      this.#ledger.count('wireResends');
      if (before !== text) {
        this.#ledger.break('same_id_same_content', `${waId} comes again with other words.`);
      }
      return false;
    }
    this.#texts.set(waId, text);
    this.#chats.set(chatId, [...(this.#chats.get(chatId) ?? []), { waId, text }]);
    return true;
  }

  nextInboundPosition(chatId: string): number {
    const position = (this.#inboundPositions.get(chatId) ?? 0) + 1;
    this.#inboundPositions.set(chatId, position);
    return position;
  }

  /** Somebody writes to the device: kept until its receipt comes. */
  keep(message: InboundFrame): void {
    this.#waiting.push(message);
  }

  noteReceipt(id: string): void {
    this.#waiting = this.#waiting.filter((message) => message.id !== id);
  }
}
