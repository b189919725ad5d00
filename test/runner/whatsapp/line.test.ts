import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Line } from '#runner/whatsapp/line.ts';
import { issueTlsIdentity, type TlsIdentity } from '#simulator/media/certificate.ts';

const NAME = 'localhost';
type Scheme = 'ws' | 'wss';
const SCHEMES: readonly Scheme[] = ['ws', 'wss'];

let identity: TlsIdentity;
beforeAll(async () => {
  identity = await issueTlsIdentity([NAME], new Date());
});

/** A WebSocket server that says what it hears, with a certificate for its name if it is secure. */
async function listen(scheme: Scheme): Promise<{ server: Server; port: number }> {
  const { key, certificate: cert } = identity;
  const server = scheme === 'ws' ? createPlainServer() : createSecureServer({ key, cert });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (peer) => {
    peer.on('message', (text) => peer.send(`${text}, you said`));
    peer.on('error', () => undefined);
  });
  await once(server.listen(0), 'listening');
  onTestFinished(() => {
    for (const peer of sockets.clients) peer.terminate();
    server.close();
  });
  // It listens on TCP, and has an address with a port.
  return { server, port: (server.address() as AddressInfo).port };
}

function trustIt(): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, identity.certificate]);
  onTestFinished(() => setDefaultCACertificates(before));
}

function dial(scheme: Scheme, host: string, port: number) {
  const line = new Line(scheme);
  const socket = new WebSocket(`${scheme}://${host}:${port}/ws/chat`, { agent: line.agent });
  onTestFinished(() => line.reset());
  return { line, socket };
}

describe.each(SCHEMES)('a line for %s', (scheme) => {
  it('carries a WebSocket', async () => {
    trustIt();
    const { port } = await listen(scheme);
    const { socket } = dial(scheme, NAME, port);
    await once(socket, 'open');
    socket.send('hello');
    const [answer] = await once(socket, 'message');
    expect(String(answer)).toBe('hello, you said');
    const closed = once(socket, 'close');
    socket.close(1000);
    expect((await closed)[0]).toBe(1000);
  });

  it('takes back what the other side has not read, when it is reset', async () => {
    trustIt();
    const { server, port } = await listen(scheme);
    const accepted = once(server, scheme === 'ws' ? 'connection' : 'secureConnection');
    const { line, socket } = dial(scheme, NAME, port);
    await once(socket, 'open');
    const [peer]: Socket[] = await accepted;
    peer?.pause();
    const ended = new Promise<Error>((resolve) => peer?.once('error', resolve));
    // More than both kernels hold.
    socket.send(Buffer.alloc(16 * 1_024 * 1_024));
    const closed = once(socket, 'close');
    line.reset();
    await closed;
    peer?.resume();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
    line.reset();
  });

  it('says when nobody is there', async () => {
    const { server, port } = await listen(scheme);
    await new Promise((resolve) => server.close(resolve));
    const { socket } = dial(scheme, NAME, port);
    await expect(once(socket, 'open')).rejects.toThrow();
  });
});

it('ends a connection that is not there yet', async () => {
  trustIt();
  const { port } = await listen('wss');
  const { line, socket } = dial('wss', NAME, port);
  const failed = once(socket, 'error');
  socket.terminate();
  line.reset();
  await failed;
  await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED);
});

describe('a secure line', () => {
  it('trusts nobody whose certificate nobody vouches for', async () => {
    const { port } = await listen('wss');
    const { socket } = dial('wss', NAME, port);
    await expect(once(socket, 'open')).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('trusts nobody with a certificate for another name', async () => {
    trustIt();
    const { port } = await listen('wss');
    const { socket } = dial('wss', '127.0.0.1', port);
    await expect(once(socket, 'open')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});
