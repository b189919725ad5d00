import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, messagesOf, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, connect, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550005001';
const PHONE = '15550005002';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;

silenceLibsignal();

/** Keeps the TCP connection of a client, so that a test can stop reading from it. */
class CapturingAgent extends Agent {
  declare options: AgentOptions;
  tcp: Duplex | undefined;

  override createConnection(...args: Parameters<Agent['createConnection']>) {
    const made = super.createConnection(...args);
    this.tcp = made ?? undefined;
    return made;
  }
}

describe('what a client must never do', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeEach(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    await call(simulator.current, 'POST', '/phones', { number: PHONE });
  });
  afterEach(async () => {
    await client.close();
    await simulator.remove();
  });
  const violations = async () => (await statsOf(simulator.current)).violations;

  it('counts a frame of a socket after a newer login, and does not act on it', async () => {
    const wire = new CapturingAgent();
    await client.close();
    const older = await connect(simulator.current, client.state, { agent: wire });
    // The older client is deaf, so that it does not notice that it was replaced.
    wire.tcp?.pause();
    client = await connect(simulator.current, older.state.snapshot());
    await older.socket.sendNode({
      tag: 'message',
      attrs: { id: 'GHOST', to: PHONE_JID, type: 'text' },
      content: [],
    });
    await eventually(async () => (await violations()).evictedFrames === 1);
    expect(await messagesOf(simulator.current, PHONE)).toEqual([]);
    wire.tcp?.destroy();
    await older.untilEnded();
  });

  it('counts a ratchet position that is used for a second message', async () => {
    const cache = new Map<string, unknown>();
    const userDevicesCache = {
      // It returns under a key what Baileys has set there.
      get: <T>(key: string) => cache.get(key) as T | undefined,
      set: (key: string, value: unknown) => void cache.set(key, value),
      del: (key: string) => void cache.delete(key),
      flushAll: () => cache.clear(),
    };
    await client.close();
    client = await connect(simulator.current, client.state, { userDevicesCache });
    await client.sendAcked(PHONE_JID, 'starts the session');
    const forgetful = client.state.snapshot();
    await client.sendAcked(PHONE_JID, 'this will be forgotten');
    expect((await violations()).ratchetReused).toBe(0);
    await client.close();
    client = await connect(simulator.current, forgetful, { userDevicesCache });
    await client.sendText(PHONE_JID, 'from the same position');
    await eventually(async () => (await violations()).ratchetReused === 1);
    const { violationSamples } = await statsOf(simulator.current);
    expect(violationSamples.join()).not.toContain('same position');
  });

  it('counts an id that is sent again on the login that has its ack', async () => {
    const id = await client.sendAcked(PHONE_JID, 'once');
    await client.sendText(PHONE_JID, 'once', id);
    await eventually(async () => (await violations()).duplicateIds === 1);
    const shown = await messagesOf(simulator.current, PHONE);
    expect(shown).toMatchObject([{ id, text: 'once', copies: 2 }]);
  });

  it('counts an id that is used for another text or another recipient, even later', async () => {
    const id = await client.sendAcked(PHONE_JID, 'the first text');
    await client.close();
    client = await connect(simulator.current, client.state);
    await client.sendText(PHONE_JID, 'another text', id);
    await eventually(async () => (await violations()).duplicateIds === 1);
    await call(simulator.current, 'POST', '/phones', { number: '15550005003' });
    await client.close();
    client = await connect(simulator.current, client.state);
    await client.sendText('15550005003@s.whatsapp.net', 'another text', id);
    await eventually(async () => (await violations()).duplicateIds === 2);
  });

  it('allows the same message again on a later login', async () => {
    const id = await client.sendAcked(PHONE_JID, 'in doubt');
    await client.close();
    client = await connect(simulator.current, client.state);
    await client.sendText(PHONE_JID, 'in doubt', id);
    await client.untilAcked(id);
    expect(await violations()).toEqual({ ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 });
    expect((await statsOf(simulator.current)).messages.resent).toBe(1);
    expect(await messagesOf(simulator.current, PHONE)).toMatchObject([{ id, copies: 2 }]);
  });
});
