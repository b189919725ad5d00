import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { frameOf, INTRO_HEADER } from '#simulator/wire/frames.ts';

import { call, statsOf } from '../end-to-end/control-client.ts';
import { eventually } from '../end-to-end/eventually.ts';
import { Client, ClientState } from '../end-to-end/paired-client.ts';
import { TemporarySimulator } from '../end-to-end/temporary-simulator.ts';

describe('clients that break the protocol', () => {
  let simulator: TemporarySimulator;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
  });
  afterAll(() => simulator.remove());

  it.each([
    ['no intro', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    ['a hello that is no protobuf', [Buffer.concat([INTRO_HEADER, frameOf(randomBytes(50))])]],
    ['a frame that is too long', [Buffer.concat([INTRO_HEADER, Buffer.of(255, 255, 255)])]],
    ['an empty hello', [INTRO_HEADER, frameOf(Buffer.alloc(0))]],
  ])('are disconnected: %s', async (_name, chunks) => {
    const socket = new WebSocket(simulator.current.url);
    await once(socket, 'open');
    for (const chunk of chunks) socket.send(chunk);
    await once(socket, 'close');
    await eventually(async () => (await statsOf(simulator.current)).sockets === 0);
  });

  it('do no harm to the others', async () => {
    const good = new Client(simulator.current, new ClientState());
    const bad = new WebSocket(simulator.current.url);
    await once(bad, 'open');
    bad.send(randomBytes(1_000));
    await once(bad, 'close');
    await call(simulator.current, 'POST', '/phones', { number: '15550010001' });
    const qr = await eventually(() => good.qr);
    await call(simulator.current, 'POST', '/phones/15550010001/link', { qr });
    expect(await good.untilEnded()).toBe(515);
  });

  it('find nothing on another path', async () => {
    const socket = new WebSocket(simulator.current.url.replace('/ws/chat', '/other'));
    const [error] = await once(socket, 'error');
    expect(error).toBeInstanceOf(Error);
  });
});
