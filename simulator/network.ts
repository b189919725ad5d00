import type { Logger } from 'pino';

import type { DeviceAddress } from './addresses.ts';
import type { FaultBook } from './faults/fault-book.ts';
import type { MediaFaults } from './faults/media-faults.ts';
import type { MediaFiles } from './media/media-files.ts';
import type { CallBook } from './phones/call-book.ts';
import type { PresenceBook } from './phones/presence-book.ts';
import type { LiveDevices } from './server/live-devices.ts';
import type { PairingDesk } from './server/pairing-desk.ts';
import type { KeyPair } from './signal/keys.ts';
import type { Store } from './store/store.ts';
import type { BinaryNode } from './wire/binary-node.ts';

/** The keys with which the server proves that it is our WhatsApp. */
export type ServerKeys = { readonly noiseStatic: KeyPair; readonly certChain: Buffer };

/** The media host as clients are told of it. */
type MediaHost = { readonly hostName: string; readonly auth: string };

/** Everything that the parts of the simulated network share; ask for what you use with Pick. */
export type Network = {
  readonly store: Store;
  readonly live: LiveDevices;
  readonly faults: FaultBook;
  readonly mediaFaults: MediaFaults;
  readonly presences: PresenceBook;
  readonly calls: CallBook;
  readonly pairings: PairingDesk;
  readonly keys: ServerKeys;
  readonly mediaFiles: MediaFiles;
  readonly mediaHost: MediaHost;
  /**
   * Hands a stanza to a device, durably and in order: to a phone at once when it is online, to a
   * companion after the commit. Belongs into the transaction of what caused it.
   */
  readonly post: (to: DeviceAddress, node: BinaryNode) => void;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly logger: Logger;
};
