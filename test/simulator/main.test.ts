import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SimulatorConnection } from '#simulator/simulator.ts';
import { silenceLibsignal } from '../silence-libsignal.ts';
import { call, messagesOf, statsOf } from './end-to-end/control-client.ts';
import { eventually } from './end-to-end/eventually.ts';
import { type Client, connect, pair } from './end-to-end/paired-client.ts';
import { endFork, forkSimulator } from './forked-simulator.ts';

const BOT = '15550011001';
const PHONE = '15550011002';
/** Another than the one written to: stock Baileys may put back an older ratchet when it does both with one. */
const WRITER = '15550011009';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;

silenceLibsignal();

describe('npm run simulator', () => {
  let dataDir: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'simulator-main-'));
  });
  afterEach(async () => {
    await end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(ports: { ws?: string } = {}): Promise<SimulatorConnection> {
    const forked = await forkSimulator(dataDir, ports);
    child = forked.child;
    return forked.connection;
  }

  /** A session with the writer that both sides have used: stock Baileys loses a first message that comes twice. */
  async function greet(connection: SimulatorConnection, client: Client): Promise<void> {
    const body = { to: BOT, text: 'hello' };
    await client.sendText(`${WRITER}@s.whatsapp.net`, 'hello');
    await eventually(() => client.acks.length === 1);
    await call(connection, 'POST', `/phones/${WRITER}/messages`, body);
    await eventually(async () => (await statsOf(connection)).messages.delivered === 1);
  }

  const end = (signal: NodeJS.Signals) => endFork(child, signal);

  it('tells where it is, in its message and in a file, and ends cleanly when told', async () => {
    const connection = await start();
    expect(await call(connection, 'GET', '/healthz')).toEqual({ status: 'ok' });
    const file = await readFile(join(dataDir, 'simulator', 'connection.json'), 'utf8');
    expect({ ready: true, ...JSON.parse(file) }).toEqual(connection);
    expect(await readFile(connection.caCertificatePath, 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(await end('SIGTERM')).toBe(0);
  });

  it('ends with its parent', async () => {
    await start();
    const ended = child && once(child, 'exit');
    child?.disconnect();
    expect((await ended)?.[0]).toBe(0);
  });

  it('loses nothing that it acknowledged when it is killed in the middle of work', async () => {
    const first = await start();
    const client = await pair(first, BOT);
    await call(first, 'POST', '/phones', { number: PHONE });
    await call(first, 'POST', '/phones', { number: WRITER });
    await greet(first, client);
    const posted: string[] = [];
    const fromPhone = (async () => {
      for (let index = 0; ; index += 1) {
        const body = { to: BOT, text: `back ${index}` };
        const { id } = await call<{ id: string }>(
          first,
          'POST',
          `/phones/${WRITER}/messages`,
          body,
        );
        posted.push(id);
      }
    })().catch(() => undefined);
    const fromDevice = (async () => {
      for (let index = 0; ; index += 1) {
        await client.sendText(PHONE_JID, `out ${index}`);
        // Small writes end at once, so without this the loop would never let anything be read.
        await setImmediate();
      }
    })().catch(() => undefined);
    await eventually(() => client.acks.length >= 20 && posted.length >= 20);
    await end('SIGKILL');
    await Promise.all([fromPhone, fromDevice, client.untilEnded()]);
    const acked = client.acks.map(({ id }) => id);

    const second = await start({ ws: new URL(first.url).port });
    expect(second.url).toBe(first.url);
    const shown = await messagesOf(second, PHONE);
    const written = await messagesOf(second, WRITER);
    const ids = new Set([...shown, ...written].map(({ id }) => id));
    expect(acked.filter((id) => !ids.has(id))).toEqual([]);
    expect(posted.filter((id) => !ids.has(id))).toEqual([]);
    expect(shown.every(({ copies }) => copies === 1)).toBe(true);
    const again = await connect(second, client.state);
    // Not what Baileys told us: it sends a receipt before its event, and may end in between.
    await eventually(async () => {
      const { messages } = await statsOf(second);
      return messages.delivered > posted.length;
    });
    const { violations } = await statsOf(second);
    expect(violations).toEqual({ ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 });
    await again.close();
  });
});
