import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { TcpFlow } from './tcp-flow.ts';

const HOST = '127.0.0.1';

/** What is wrong with the line, for every connection over it. */
export type LineFault =
  /** Nothing comes through in a direction, ends of connections neither: it is held until the line is clear again. */
  | { readonly kind: 'blackhole'; readonly direction: 'both' | 'to_server' | 'to_client' }
  /** Every byte comes so much later, each way. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** All connections are reset, and so is each new one. */
  | { readonly kind: 'reset' }
  /** The server has lost the connections that there are, and their clients do not learn of it; new ones are whole. */
  | { readonly kind: 'half_open' };

type Connection = {
  readonly client: Socket;
  readonly server: Socket;
  readonly toServer: TcpFlow;
  readonly toClient: TcpFlow;
};

/** A line to a TCP server on this machine, with faults to order. */
export class TcpProxy {
  readonly port: number;
  readonly #listener: Server;
  readonly #targetPort: number;
  readonly #connections = new Set<Connection>();
  #fault: LineFault | undefined;

  private constructor(listener: Server, targetPort: number) {
    this.#listener = listener;
    this.#targetPort = targetPort;
    // It listens on TCP, and has an address with a port.
    this.port = (listener.address() as AddressInfo).port;
    listener.on('connection', (client: Socket) => this.#accept(client));
  }

  static async open({ targetPort }: { targetPort: number }): Promise<TcpProxy> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => listener.listen(0, HOST, resolve));
    return new TcpProxy(listener, targetPort);
  }

  /** Takes the place of an earlier fault; `undefined` is a clear line. */
  set fault(fault: LineFault | undefined) {
    this.#fault = fault;
    for (const connection of this.#connections) this.#apply(connection);
    if (fault?.kind !== 'half_open') return;
    for (const { server, toServer, toClient } of this.#connections) {
      toServer.swallow();
      toClient.swallow();
      server.destroy();
    }
  }

  get fault(): LineFault | undefined {
    return this.#fault;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const { client, server, toServer, toClient } of this.#connections) {
      toServer.swallow();
      toClient.swallow();
      client.destroy();
      server.destroy();
    }
    await closed;
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: HOST, allowHalfOpen: true });
    server.setNoDelay(true);
    const connection = {
      client,
      server,
      toServer: new TcpFlow(client, server),
      toClient: new TcpFlow(server, client),
    };
    this.#connections.add(connection);
    const forget = () => {
      if (client.closed && server.closed) this.#connections.delete(connection);
    };
    client.once('close', forget);
    server.once('close', forget);
    this.#apply(connection);
  }

  #apply({ client, server, toServer, toClient }: Connection): void {
    const fault = this.#fault;
    if (fault?.kind === 'reset') {
      client.resetAndDestroy();
      server.resetAndDestroy();
      return;
    }
    const isHeld = (direction: 'to_server' | 'to_client') =>
      fault?.kind === 'blackhole' && [direction, 'both'].includes(fault.direction);
    const delayMs = fault?.kind === 'latency' ? fault.delayMs : 0;
    toServer.set({ isHeld: isHeld('to_server'), delayMs });
    toClient.set({ isHeld: isHeld('to_client'), delayMs });
  }
}
