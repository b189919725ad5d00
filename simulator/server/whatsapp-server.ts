import { createServer, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

import { listenOn, portOf, stopServer } from '#simulator/listening.ts';
import type { Network } from '#simulator/network.ts';
import { parseRegistration } from './companion-registration.ts';
import type { StanzaHandler } from './companion-session.ts';
import {
  Connection,
  FRAME_BYTES_MAX,
  type FrameCounter,
  type Hello,
  type Session,
} from './connection.ts';
import { logIn } from './login.ts';
import { PairingSession } from './pairing-session.ts';
import { routeStanza } from './stanza-router.ts';
import { failureNode } from './stanzas.ts';

const PATH = '/ws/chat';
const CONNECTIONS_MAX = 4_096;
const BAD_REQUEST = 400;

/** The WebSocket front of the simulated WhatsApp. */
export class WhatsAppServer {
  readonly #network: Network;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #frames: FrameCounter = { in: 0, out: 0 };

  private constructor(network: Network) {
    this.#network = network;
    this.#http = createServer((_request, response) => response.writeHead(426).end());
    this.#http.maxConnections = CONNECTIONS_MAX;
    this.#sockets = new WebSocketServer({
      server: this.#http,
      path: PATH,
      maxPayload: FRAME_BYTES_MAX,
      // One message a turn of the event loop: a client that floods us does not starve the others.
      allowSynchronousEvents: false,
    });
    // The HTTP server's errors come here too; listenOn reports those that matter.
    this.#sockets.on('error', (err) => network.logger.warn({ err }, 'The server had an error.'));
    this.#sockets.on('connection', (socket) => this.#accept(socket));
  }

  static async start(
    { host, port }: { host: string; port: number },
    network: Network,
  ): Promise<WhatsAppServer> {
    const server = new WhatsAppServer(network);
    await listenOn(server.#http, port, host);
    return server;
  }

  get port(): number {
    return portOf(this.#http);
  }

  get path(): string {
    return PATH;
  }

  /** Open sockets, and the frames of all sockets since the start. */
  stats(): { readonly sockets: number; readonly frames: Readonly<FrameCounter> } {
    return { sockets: this.#sockets.clients.size, frames: { ...this.#frames } };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    await stopServer(this.#http);
  }

  #accept(socket: WebSocket): void {
    new Connection(socket, {
      keys: this.#network.keys,
      frames: this.#frames,
      logger: this.#network.logger,
      open: (connection, hello) => this.#open(connection, hello),
    });
  }

  #open(connection: Connection, hello: Hello): Session | undefined {
    const { devicePairingData } = hello.payload;
    if (!devicePairingData) {
      const handle: StanzaHandler = (session, node) => routeStanza(session, node, this.#network);
      return logIn(connection, { hello, handle }, this.#network);
    }
    const registration = parseRegistration(devicePairingData);
    if (!registration) {
      connection.send(failureNode(BAD_REQUEST));
      connection.close();
      return undefined;
    }
    const companion = { noisePublic: hello.clientStatic, registration };
    return new PairingSession(connection, companion, this.#network);
  }
}
