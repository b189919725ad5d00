import { addressKey, type DeviceAddress, jidOf, SERVER_JID } from '#simulator/addresses.ts';
import type { SocketFault } from '#simulator/faults/fault-book.ts';
import type { Network } from '#simulator/network.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';
import { decodeNode } from '#simulator/wire/decode-node.ts';

import type { Connection, Session } from './connection.ts';
import type { LiveDevice } from './live-devices.ts';
import { deviceRemovedNode, replacedNode, streamErrorNode, unixTime } from './stanzas.ts';

const PUMP_BATCH = 50;
/** Nacks that never came are forgotten; at worst a stanza is delivered once more. */
const IGNORED_NACKS_MAX = 1_000;

/** What waited when the device logged in: how many stanzas, and the place of the newest. */
export type Backlog = { readonly count: number; readonly last: number };

/** Handles one stanza of a linked device; `session` is where its answers go. */
export type StanzaHandler = (session: CompanionSession, node: BinaryNode) => void;

/**
 * A linked device that has logged in.
 * State: live → evicted (a newer login was answered) or ended; only a live one is listened to.
 * Its queue goes out in order: first the backlog, marked `offline`, then `<offline count>`, then
 * the rest. A stanza stays in the queue until the device acknowledges it.
 */
export class CompanionSession implements Session, LiveDevice {
  readonly address: DeviceAddress;
  /** The login's number; an older socket of the device has a smaller one. */
  readonly loginNo: number;
  readonly #connection: Connection;
  readonly #network: Network;
  readonly #handle: StanzaHandler;
  readonly #ignoredNacks = new Map<string, number>();
  #state: 'live' | 'evicted' | 'ended' = 'live';
  #sentSeq = 0;
  #isAvailable = false;
  #backlog: Backlog | undefined;

  constructor(
    connection: Connection,
    login: { address: DeviceAddress; loginNo: number; backlog: Backlog; handle: StanzaHandler },
    network: Network,
  ) {
    this.address = login.address;
    this.loginNo = login.loginNo;
    this.#backlog = login.backlog;
    this.#handle = login.handle;
    this.#connection = connection;
    this.#network = network;
  }

  /** The newest queued stanza that this socket has been given. */
  get sentSeq(): number {
    return this.#sentSeq;
  }

  get isAvailable(): boolean {
    return this.#isAvailable;
  }

  /** `<presence type>` of the device. */
  notePresence(isAvailable: boolean): void {
    this.#isAvailable = isAvailable;
  }

  /** Answers the login and sends the backlog. */
  start(phone: PhoneRecord): void {
    this.#connection.send({
      tag: 'success',
      attrs: {
        t: unixTime(this.#network.now()),
        lid: jidOf(phone, 'lid', this.address.device),
        props: '27',
        location: 'sim',
        creation: unixTime(this.#network.now()),
        display_name: phone.name,
      },
    });
    this.pump();
  }

  receive(node: BinaryNode): void {
    if (this.#state === 'evicted') this.#countEvictedFrame(node);
    else if (this.#state === 'live') this.#handle(this, node);
  }

  send(node: BinaryNode): void {
    if (this.#state === 'live') this.#connection.send(node);
  }

  pump(): void {
    while (this.#state === 'live') {
      if (this.#connection.isBehind) {
        this.#connection.whenDrained(() => this.pump());
        return;
      }
      if (!this.#sendBatch()) return;
    }
  }

  evict(): void {
    this.#end('evicted', replacedNode());
  }

  endUnlinked(): void {
    this.#end('ended', deviceRemovedNode());
  }

  meet(fault: SocketFault): void {
    switch (fault.kind) {
      case 'close':
        this.#connection.terminate();
        return;
      case 'stall':
        this.#connection.stall();
        return;
      case 'replaced':
        this.#end('ended', replacedNode());
        return;
      case 'stream-error':
        this.#end('ended', streamErrorNode(fault.code));
    }
  }

  ended(): void {
    if (this.#state === 'live') this.#state = 'ended';
    this.#network.live.leave(this);
  }

  /** After a retry receipt Baileys sends a nack for the same id too; that one means nothing more. */
  ignoreNextNack(id: string): void {
    if (this.#ignoredNacks.size >= IGNORED_NACKS_MAX) this.#ignoredNacks.clear();
    this.#ignoredNacks.set(id, (this.#ignoredNacks.get(id) ?? 0) + 1);
  }

  /** Whether this nack is one that `ignoreNextNack` spoke of. */
  takeIgnoredNack(id: string): boolean {
    const left = this.#ignoredNacks.get(id) ?? 0;
    if (left <= 1) this.#ignoredNacks.delete(id);
    else this.#ignoredNacks.set(id, left - 1);
    return left > 0;
  }

  /** Whether there may be more to send. */
  #sendBatch(): boolean {
    const batch = this.#network.store.deliveries.after(this.address, this.#sentSeq, PUMP_BATCH);
    for (const { seq, node } of batch) {
      if (this.#backlog && seq > this.#backlog.last) this.#endBacklog();
      if (this.#backlog) this.#sendOffline(node);
      else this.#connection.sendEncoded(node);
      this.#sentSeq = seq;
    }
    if (batch.length < PUMP_BATCH) this.#endBacklog();
    return batch.length === PUMP_BATCH;
  }

  #sendOffline(bytes: Buffer): void {
    const node = decodeNode(bytes);
    this.#connection.send({ ...node, attrs: { ...node.attrs, offline: '1' } });
  }

  #endBacklog(): void {
    if (!this.#backlog) return;
    const { count } = this.#backlog;
    this.#backlog = undefined;
    this.#connection.send({
      tag: 'ib',
      attrs: { from: SERVER_JID },
      content: [{ tag: 'offline', attrs: { count: String(count) } }],
    });
  }

  #end(state: 'evicted' | 'ended', lastWords: BinaryNode): void {
    if (this.#state !== 'live') return;
    this.#connection.send(lastWords);
    this.#state = state;
    this.#network.live.leave(this);
    this.#connection.close();
  }

  #countEvictedFrame(node: BinaryNode): void {
    const { db, counters } = this.#network.store;
    db.transaction(() =>
      counters.addViolation(
        'evictedFrames',
        `<${node.tag}> from device ${addressKey(this.address)} on login ${this.loginNo}`,
      ),
    );
  }
}
