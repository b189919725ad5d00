import type { Weather } from '../faults/link.ts';
import type { Chance } from '../time/chance.ts';
import type { Host } from '../time/host.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Ledger } from '../world/ledger.ts';
import type { Story } from '../world/story.ts';
import { Device } from './device.ts';
import type { ClientFrame, OutboundFrame, ServerFrame } from './frames.ts';
import { Line } from './line.ts';

/** Of the messages it takes, WhatsApp fails to acknowledge so many in one. */
const ACK_LOST = 0.01;
/** Of the logins, it refuses so many in one, as it has trouble of its own. */
const LOGIN_REFUSED = 0.02;
/** Until the phone at the other end has a message. */
const DELIVERY_MS = { min: 100, max: 5_000 } as const;

export type NetworkDeps = {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly ledger: Ledger;
  readonly story: Story;
};

/** The end of a connection that a runner holds. */
export type ClientEnd = {
  readonly device: Device;
  /** Puts a frame on the wire. */
  send(frame: ClientFrame): void;
  close(): void;
};

type Connection = { readonly number: number; readonly hostName: string; readonly line: Line };

/** WhatsApp, as far as a socket tells it from others: it links devices, carries messages, and lets one socket a device in. */
export class SimWhatsApp {
  readonly #deps: NetworkDeps;
  readonly #devices = new Map<string, Device>();
  readonly #current = new Map<string, Connection>();
  #connections = 0;
  #inbound = 0;

  constructor(deps: NetworkDeps) {
    this.#deps = deps;
  }

  get devices(): readonly Device[] {
    return [...this.#devices.values()];
  }

  device(instanceId: string): Device {
    const existing = this.#devices.get(instanceId);
    if (existing) return existing;
    const device = new Device(instanceId, this.#deps.ledger);
    this.#devices.set(instanceId, device);
    return device;
  }

  connect(
    instanceId: string,
    from: { host: Host; weather: Weather },
    toClient: (frame: ServerFrame) => void,
  ): ClientEnd {
    const device = this.device(instanceId);
    this.#connections += 1;
    const number = this.#connections;
    const hostName = from.host.name;
    const line: Line = new Line({
      ...this.#deps,
      ...from,
      toServer: (frame) => this.#take(frame, device, { number, hostName, line }),
      toClient,
    });
    return {
      device,
      send: (frame) => {
        if (line.isUsed) from.host.pass(`it says ${frame.kind} to WhatsApp`);
        if (frame.kind !== 'login' && line.isUsed) {
          device.watch(frame, { number, hostName });
        }
        line.sendUp(frame);
      },
      close: () => line.close(),
    };
  }

  /** Somebody writes to the device. Answers WhatsApp's id of the message. */
  write(instanceId: string, chatId: string, atS: number): string {
    const { ledger, story, chance } = this.#deps;
    const device = this.device(instanceId);
    this.#inbound += 1;
    const id = `IN${String(this.#inbound).padStart(6, '0')}`;
    const position = device.nextInboundPosition(chatId);
    const plaintext = Buffer.from(`to ${instanceId.slice(-4)}: ${id}`);
    const ciphertext = Buffer.from(`${id}|${position}|${chance.hex(16)}`);
    const message = { kind: 'message', id, chatId, position, ciphertext, plaintext, atS } as const;
    device.keep(message);
    ledger.count('inbound');
    story.tell(() => `${chatId} writes ${id} to ${instanceId.slice(-4)}`);
    this.#current.get(instanceId)?.line.sendDown(message);
    return id;
  }

  /** Ends the connection of a device, as WhatsApp does now and then. */
  hangUp(instanceId: string): void {
    const reason = this.#deps.chance.hits(0.5) ? 'restart_required' : 'connection_lost';
    this.#current.get(instanceId)?.line.sendDown({ kind: 'close', reason });
    this.#current.delete(instanceId);
  }

  #take(frame: ClientFrame, device: Device, from: Connection): void {
    // What an older socket has still sent is not worked on.
    const isCurrent = this.#current.get(device.instanceId)?.number === from.number;
    if (frame.kind !== 'login' && !isCurrent) return;
    switch (frame.kind) {
      case 'login':
        this.#logIn(device, from);
        return;
      case 'message':
        this.#takeMessage(frame, device, from);
        return;
      case 'receipt':
        device.noteReceipt(frame.id);
        return;
      case 'ping':
        return;
    }
  }

  #logIn(device: Device, connection: Connection): void {
    const { chance, ledger, story } = this.#deps;
    const { instanceId } = device;
    if (chance.hits(LOGIN_REFUSED)) {
      connection.line.sendDown({ kind: 'close', reason: 'unavailable' });
      return;
    }
    const older = this.#current.get(instanceId);
    older?.line.sendDown({ kind: 'close', reason: 'replaced' });
    this.#current.set(instanceId, connection);
    ledger.count('logins');
    story.tell(() => `${instanceId.slice(-4)} logs in from ${connection.hostName}`);
    device.noteLogin(connection);
    device.isLinked = true;
    const user = { id: `${phoneOf(instanceId)}:8@s.whatsapp.net`, name: 'Shop' };
    connection.line.sendDown({ kind: 'open', user });
    for (const message of device.waiting) connection.line.sendDown(message);
  }

  #takeMessage(frame: OutboundFrame, device: Device, from: Connection): void {
    const { time, chance, story } = this.#deps;
    const { waId } = frame;
    const isNew = device.show(frame);
    story.tell(
      () => `WhatsApp ${isNew ? 'shows' : 'has already shown'} ${waId} of ${from.hostName}`,
    );
    if (!chance.hits(ACK_LOST)) from.line.sendDown({ kind: 'ack', waId });
    if (!isNew) return;
    time.after(chance.between(DELIVERY_MS.min, DELIVERY_MS.max), () => {
      const receipt = { waIds: [waId], state: 'DELIVERED' } as const;
      this.#current.get(device.instanceId)?.line.sendDown({ kind: 'progress', receipt });
    });
  }
}

/** A number of the device's own: the last digits of the instance. */
export function phoneOf(instanceId: string): string {
  return `2349${String(Number.parseInt(instanceId.slice(-8), 16)).padStart(9, '0')}`;
}
