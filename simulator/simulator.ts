import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

import { ControlServer } from './control/control-server.ts';
import { FaultBook } from './faults/fault-book.ts';
import { MediaFaults } from './faults/media-faults.ts';
import { MediaFiles } from './media/media-files.ts';
import { MediaServer } from './media/media-server.ts';
import type { Network } from './network.ts';
import { CallBook } from './phones/call-book.ts';
import { postStanza } from './phones/phone-post.ts';
import { PresenceBook } from './phones/presence-book.ts';
import { LiveDevices } from './server/live-devices.ts';
import { PairingDesk } from './server/pairing-desk.ts';
import { loadServerIdentity } from './server/server-keys.ts';
import { WhatsAppServer } from './server/whatsapp-server.ts';
import { openStore } from './store/store.ts';

const DEFAULT_HOST = '127.0.0.1';
/** Port 0: the system chooses a free one. */
const ANY_PORT = 0;

export type SimulatorOptions = {
  /** Everything is kept in its folder `simulator`. */
  readonly dataDir: string;
  readonly host?: string;
  readonly wsPort?: number;
  readonly controlPort?: number;
  readonly mediaPort?: number;
  readonly logger: Logger;
  readonly now?: () => Date;
  readonly random?: (bytes: number) => Buffer;
};

/** How a client reaches the simulated network; also in `connection.json`. */
export type SimulatorConnection = {
  /** `ws://127.0.0.1:PORT/ws/chat` */
  readonly url: string;
  readonly controlUrl: string;
  /** `localhost:PORT`, https */
  readonly mediaHost: string;
  /** The root of the Noise certificates: 32 bytes as base64. */
  readonly noiseRoot: string;
  /** PEM of the media server's certificate, for NODE_EXTRA_CA_CERTS. */
  readonly caCertificatePath: string;
};

export type Simulator = SimulatorConnection & {
  /** Resolves when all sockets and files are closed. */
  close(): Promise<void>;
};

/** Starts our WhatsApp network: WebSocket server, media server and control API. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { dataDir, host = DEFAULT_HOST, logger } = options;
  const now = options.now ?? (() => new Date());
  const random = options.random ?? randomBytes;
  const folder = join(dataDir, 'simulator');
  await mkdir(folder, { recursive: true });
  const stack = new AsyncDisposableStack();
  try {
    const store = openStore(join(folder, 'simulator.sqlite'));
    stack.defer(() => store.db.close());
    const identity = await loadServerIdentity(store, { now, random });
    const caCertificatePath = join(folder, 'media-ca.pem');
    await writeWhole(caCertificatePath, identity.tls.certificate);
    const mediaFiles = await MediaFiles.open(join(folder, 'media'));
    const mediaFaults = new MediaFaults();
    const media = await MediaServer.start({
      host,
      port: options.mediaPort ?? ANY_PORT,
      tls: identity.tls,
      files: mediaFiles,
      faults: mediaFaults,
      auth: identity.mediaAuth,
      logger,
    });
    stack.defer(() => media.close());
    const network: Network = {
      store,
      live: new LiveDevices(),
      faults: new FaultBook(),
      mediaFaults,
      presences: new PresenceBook(),
      calls: new CallBook(),
      pairings: new PairingDesk(),
      keys: identity.keys,
      mediaFiles,
      mediaHost: { hostName: media.hostName, auth: identity.mediaAuth },
      post: (to, node) => postStanza(to, node, network),
      now,
      random,
      logger,
    };
    const server = await WhatsAppServer.start({ host, port: options.wsPort ?? ANY_PORT }, network);
    stack.defer(() => server.close());
    const control = await ControlServer.start(
      { host, port: options.controlPort ?? ANY_PORT },
      { network, socketStats: () => server.stats() },
    );
    stack.defer(() => control.close());
    const connection: SimulatorConnection = {
      url: `ws://${host}:${server.port}${server.path}`,
      controlUrl: `http://${host}:${control.port}`,
      mediaHost: media.hostName,
      noiseRoot: identity.noiseRoot.toString('base64'),
      caCertificatePath,
    };
    await writeWhole(join(folder, 'connection.json'), JSON.stringify(connection, undefined, 2));
    const owned = stack.move();
    return { ...connection, close: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A reader sees the old file or the new one, never a part. */
async function writeWhole(path: string, content: string): Promise<void> {
  const partPath = `${path}.part`;
  await writeFile(partPath, content);
  await rename(partPath, path);
}
