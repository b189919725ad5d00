import { Agent } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

type DialParameters = Parameters<Agent['createConnection']>;
type Target = Pick<DialParameters[0], 'host' | 'port'>;
type OnCreated = NonNullable<DialParameters[1]>;

/**
 * The TCP connection to WhatsApp, below WebSocket and TLS. It can be reset: then what the kernel still has to send is
 * gone. A connection that is only closed leaves that to the kernel, which goes on trying for minutes: it would arrive
 * behind a newer login, as frames of a socket that was replaced.
 */
export class Line {
  /** For `makeWASocket`: it dials as ws does by itself, and keeps hold of the connection. */
  readonly agent: Agent;
  #tcp: Socket | undefined;

  constructor(scheme: 'ws' | 'wss') {
    const createConnection = (target: Target, onCreated?: OnCreated) =>
      scheme === 'ws' ? this.#dial(target) : this.#dialSecurely(target, onCreated);
    // Node wants to see that an agent is for the scheme.
    const protocol = scheme === 'ws' ? 'http:' : 'https:';
    this.agent = Object.assign(new Agent(), { protocol, createConnection });
  }

  /** Ends the connection at once, unless that was done already. */
  reset(): void {
    const tcp = this.#tcp;
    if (tcp === undefined || tcp.destroyed) return;
    // One that is not there yet would be reset only when it is.
    if (tcp.connecting) tcp.destroy();
    else tcp.resetAndDestroy();
  }

  #dial({ host, port }: Target): Socket {
    this.#tcp = connectTcp({ host: host ?? '', port: Number(port) });
    return this.#tcp;
  }

  /** TLS begins when the connection is there: while several addresses are tried, it is not known which it will be. */
  #dialSecurely(target: Target, onCreated: OnCreated | undefined): undefined {
    const tcp = this.#dial(target);
    tcp.once('error', (error) => onCreated?.(error, tcp));
    tcp.once('connect', () => onCreated?.(null, secured(tcp, target)));
  }
}

/** As ws makes it: with the name of the host, if it is one (ws/lib/websocket.js, tlsConnect). */
function secured(socket: Socket, { host }: Target): TLSSocket {
  const name = host ?? '';
  // The certificate is for the host: without it, it would have to be for `localhost`.
  return connectTls({ socket, host: name, servername: isIP(name) > 0 ? '' : name });
}
