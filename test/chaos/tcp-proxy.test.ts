import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../until.ts';
import { TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let atServer: Socket[];
let proxy: TcpProxy;
let client: Client;

beforeEach(async () => {
  atServer = [];
  echo = createServer((socket) => {
    atServer.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await TcpProxy.open({ targetPort: portOf(echo) });
  client = await Client.open(proxy.port);
});

afterEach(async () => {
  client.socket.destroy();
  await proxy.close();
  for (const socket of atServer) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

/** What a client was told so far. */
class Client {
  readonly socket: Socket;
  told = '';
  error: string | undefined;
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.told += bytes.toString('utf8');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    const opened = new Client(socket);
    // A reset may come before it knows that it is connected.
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
    return opened;
  }

  async untilTold(text: string): Promise<void> {
    await until(`it is told ${text}`, () => this.told === text);
  }
}

/** It listens on TCP, and has an address with a port. */
function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function receivedAtServer(bytes: number): Promise<void> {
  await until('the server has it', () => atServer[0]?.bytesRead === bytes);
}

it('carries everything both ways, also much of it', async () => {
  const much = 'x'.repeat(5_000_000);
  client.socket.write(much);
  await until('all is back', () => client.told.length === much.length);
});

it('tells the other side of an end', async () => {
  client.socket.write('bye');
  client.socket.end();
  await client.untilTold('bye');
  await until('the server has ended', () => atServer[0]?.readableEnded === true);
});

it('loses nothing in a black hole, and lets nothing through until it is gone', async () => {
  client.socket.write('a');
  await client.untilTold('a');
  proxy.fault = { kind: 'blackhole', direction: 'both' };
  client.socket.write('b');
  const other = await Client.open(proxy.port);
  other.socket.write('c');
  const direct = await Client.open(portOf(echo));
  direct.socket.write('all is well');
  await direct.untilTold('all is well');
  direct.socket.destroy();
  expect([client.told, other.told]).toEqual(['a', '']);
  expect(atServer[0]?.bytesRead).toBe(1);
  proxy.fault = undefined;
  await client.untilTold('ab');
  await other.untilTold('c');
  other.socket.destroy();
});

it('holds the end of a connection in a black hole too', async () => {
  await until('the server has it', () => atServer.length === 1);
  proxy.fault = { kind: 'blackhole', direction: 'both' };
  client.socket.destroy();
  const direct = await Client.open(portOf(echo));
  direct.socket.write('all is well');
  await direct.untilTold('all is well');
  direct.socket.destroy();
  expect(atServer[0]?.closed).toBe(false);
  proxy.fault = undefined;
  await until('the server knows', () => atServer[0]?.closed === true);
});

it.each([
  ['still brings what a client had to say that has ended', 'ended', 2],
  ['forgets what a client had to say that has reset the connection', 'reset', 1],
] as const)('%s', async (_, how, bytes) => {
  client.socket.write('a');
  await client.untilTold('a');
  proxy.fault = { kind: 'blackhole', direction: 'both' };
  client.socket.write('b');
  if (how === 'ended') client.socket.destroySoon();
  else client.socket.resetAndDestroy();
  await until('the client is gone', () => client.isClosed);
  const direct = await Client.open(portOf(echo));
  direct.socket.write('all is well');
  await direct.untilTold('all is well');
  direct.socket.destroy();
  proxy.fault = undefined;
  await until('the server knows', () => atServer[0]?.closed === true);
  expect(atServer[0]?.bytesRead).toBe(bytes);
});

it('holds one direction alone', async () => {
  proxy.fault = { kind: 'blackhole', direction: 'to_client' };
  client.socket.write('heard');
  await receivedAtServer(5);
  await until('the answer has left', () => atServer[0]?.bytesWritten === 5);
  expect(client.told).toBe('');
  proxy.fault = undefined;
  await client.untilTold('heard');
});

it('is late by what was ordered, each way, and keeps the order', async () => {
  proxy.fault = { kind: 'latency', delayMs: 60 };
  const beganMs = performance.now();
  client.socket.write('1');
  client.socket.write('2');
  await client.untilTold('12');
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(115);
});

it('resets what is open and what is opened', async () => {
  proxy.fault = { kind: 'reset' };
  await until('it is reset', () => client.error === 'ECONNRESET');
  await until('the server knows', () => atServer[0]?.closed === true);
  const other = await Client.open(proxy.port);
  await until('it is reset, too', () => other.isClosed);
  proxy.fault = undefined;
  const third = await Client.open(proxy.port);
  third.socket.write('again');
  await third.untilTold('again');
  third.socket.destroy();
});

it('leaves the client half open: the server is gone, and nobody says so', async () => {
  await until('the server has it', () => atServer.length === 1);
  proxy.fault = { kind: 'half_open' };
  await until('the server knows', () => atServer[0]?.closed === true);
  client.socket.write('is anybody there?');
  const other = await Client.open(proxy.port);
  other.socket.write('yes');
  await other.untilTold('yes');
  expect([client.told, client.isClosed]).toEqual(['', false]);
  other.socket.destroy();
});
