import { addressKey, type DeviceAddress } from '#simulator/addresses.ts';
import type { SocketFault } from '#simulator/faults/fault-book.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

/** The logged-in socket of a linked device. */
export type LiveDevice = {
  readonly address: DeviceAddress;
  /** Grows with each login of the device. */
  readonly loginNo: number;
  /** It has said that somebody looks at it. */
  readonly isAvailable: boolean;
  /** Sends what waits in the device's queue. */
  pump(): void;
  /** Sends one stanza that is not worth keeping. */
  send(node: BinaryNode): void;
  /** A newer login of the same device was answered. */
  evict(): void;
  /** The device was unlinked. */
  endUnlinked(): void;
  meet(fault: SocketFault): void;
};

/** Which linked devices have a logged-in socket: at most one each. */
export class LiveDevices {
  readonly #devices = new Map<string, LiveDevice>();

  find(address: DeviceAddress): LiveDevice | undefined {
    return this.#devices.get(addressKey(address));
  }

  all(): LiveDevice[] {
    return [...this.#devices.values()];
  }

  /** The live devices of an account. */
  of(number: string): LiveDevice[] {
    return this.all().filter((device) => device.address.number === number);
  }

  /** Puts this one in the place of an older one, which is evicted. */
  enter(device: LiveDevice): void {
    const older = this.find(device.address);
    this.#devices.set(addressKey(device.address), device);
    older?.evict();
  }

  /** Does nothing when another socket has taken the place. */
  leave(device: LiveDevice): void {
    if (this.find(device.address) === device) this.#devices.delete(addressKey(device.address));
  }
}
