import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { ask, call, messagesOf, phoneOf, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { Client, connect, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550003001';
const PHONE = '15550003002';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;

silenceLibsignal();

describe('faults', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    await call(simulator.current, 'POST', '/phones', { number: PHONE });
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });
  const order = (fault: object) =>
    call(simulator.current, 'POST', '/faults', { number: BOT, ...fault });
  const reconnect = async () => {
    client = await connect(simulator.current, client.state);
  };
  const textsAtPhone = async () =>
    (await messagesOf(simulator.current, PHONE)).map(({ id, text, copies }) => ({
      id,
      text,
      copies,
    }));

  it('nack: refuses the next messages with the code and does not deliver them', async () => {
    await order({ kind: 'nack', code: 479, times: 2 });
    const ids = [
      await client.sendText(PHONE_JID, 'one'),
      await client.sendText(PHONE_JID, 'two'),
      await client.sendText(PHONE_JID, 'three'),
    ];
    await eventually(() => client.acks.length === 3);
    expect(client.acks).toEqual([
      { id: ids[0], error: '479' },
      { id: ids[1], error: '479' },
      { id: ids[2], error: undefined },
    ]);
    expect(await textsAtPhone()).toEqual([{ id: ids[2], text: 'three', copies: 1 }]);
  });

  it('lose-ack: delivers, and takes the same message again on the next login', async () => {
    await order({ kind: 'lose-ack' });
    const id = await client.sendText(PHONE_JID, 'acked once');
    await eventually(() => client.statusOf(id) >= 3);
    expect(client.acks.some((ack) => ack.id === id)).toBe(false);
    await client.close();
    await reconnect();
    await client.sendText(PHONE_JID, 'acked once', id);
    await client.untilAcked(id);
    expect((await textsAtPhone()).at(-1)).toEqual({ id, text: 'acked once', copies: 2 });
    const { messages, violations } = await statsOf(simulator.current);
    expect(messages).toMatchObject({ resent: 1, nacked: 2, acksLost: 1 });
    expect(violations.duplicateIds).toBe(0);
  });

  it.each([
    ['close', { kind: 'close' }, 428],
    ['replaced', { kind: 'replaced' }, 440],
    ['stream-error 503 unless told', { kind: 'stream-error' }, 503],
    ['stream-error 515', { kind: 'stream-error', code: 515 }, 515],
    ['stream-error 401', { kind: 'stream-error', code: 401 }, 401],
  ])('%s: ends the live socket, and the device can log in again', async (_name, fault, code) => {
    expect(await order(fault)).toMatchObject({ sockets: 1 });
    expect(await client.untilEnded()).toBe(code);
    await reconnect();
  });

  it('keeps a socket fault for later logins', async () => {
    await client.close();
    await order({ kind: 'stream-error', code: 403, at: 'login' });
    await order({ kind: 'stream-error', code: 405, at: 'login' });
    for (const code of [403, 405]) {
      const refused = new Client(simulator.current, client.state);
      expect(await refused.untilEnded()).toBe(code);
    }
    await reconnect();
  });

  it('repeats a socket fault right after the next logins', async () => {
    expect(await order({ kind: 'close', times: 2 })).toEqual({
      kind: 'applied',
      sockets: 1,
      waiting: 1,
    });
    expect(await client.untilEnded()).toBe(428);
    const second = new Client(simulator.current, client.state);
    expect(await second.untilEnded()).toBe(428);
    await reconnect();
  });

  it('stall: neither answers nor acts, until a newer login takes over', async () => {
    await order({ kind: 'stall' });
    const ping = client.socket.query(
      { tag: 'iq', attrs: { to: 's.whatsapp.net', type: 'get', xmlns: 'w:p' } },
      100,
    );
    await expect(ping).rejects.toThrow('Timed Out');
    const stalled = client;
    await reconnect();
    await stalled.close();
    await client.sendAcked(PHONE_JID, 'after the stall');
  });

  it('refuses a socket fault when no device is connected', async () => {
    const answer = await ask(simulator.current, 'POST', '/faults', {
      number: PHONE,
      kind: 'close',
    });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'no_live_device' } } });
  });

  it('logout: the phone removes the device for good', async () => {
    await order({ kind: 'logout' });
    expect(await client.untilEnded()).toBe(401);
    const again = new Client(simulator.current, client.state);
    expect(await again.untilEnded()).toBe(401);
    expect((await phoneOf(simulator.current, BOT)).devices).toEqual([]);
  });
});
