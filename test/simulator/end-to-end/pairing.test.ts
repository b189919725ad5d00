import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { ask, call, phoneOf, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { Client, ClientState, connect, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

type Refusal = { error: { code: string } };
const RESTART_REQUIRED = 515;
const LOGGED_OUT = 401;

silenceLibsignal();

describe('linking a device', () => {
  let simulator: TemporarySimulator;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
  });
  afterAll(() => simulator.remove());

  it('links by QR code and shows the device on the phone', async () => {
    const client = await pair(simulator.current, '15550001001');
    const { devices } = await phoneOf(simulator.current, '15550001001');
    expect(devices).toMatchObject([{ id: 1, online: true }]);
    expect(client.socket.user).toMatchObject({ id: '15550001001:1@s.whatsapp.net' });
    await client.close();
    await eventually(async () => {
      const phone = await phoneOf(simulator.current, '15550001001');
      return phone.devices[0]?.online === false;
    });
  });

  it('links by the pairing code, after a wrong one was refused', async () => {
    const number = '15550001002';
    await call(simulator.current, 'POST', '/phones', { number });
    const state = new ClientState();
    const client = new Client(simulator.current, state);
    await eventually(() => client.qr);
    const code = await client.socket.requestPairingCode(number);
    const link = `/phones/${number}/link`;
    const wrong = await eventually(async () => {
      const answer = await ask<Refusal>(simulator.current, 'POST', link, { code: 'AAAAAAAA' });
      return answer.body.error.code !== 'no_code_waits' && answer;
    });
    expect(wrong).toMatchObject({ status: 422, body: { error: { code: 'wrong_code' } } });
    const typed = `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase();
    expect(await call(simulator.current, 'POST', link, { code: typed })).toMatchObject({ id: 1 });
    expect(await client.untilEnded()).toBe(RESTART_REQUIRED);
    const again = await connect(simulator.current, state);
    expect(again.socket.user?.id).toBe(`${number}:1@s.whatsapp.net`);
    await again.close();
  });

  it('refuses QR codes that nobody shows, and codes that nobody asked for', async () => {
    const number = '15550001003';
    await call(simulator.current, 'POST', '/phones', { number });
    const link = `/phones/${number}/link`;
    const key = Buffer.alloc(32, 1).toString('base64');
    const qr = `2@unknown,${key},${key},${key},1`;
    expect(await ask(simulator.current, 'POST', link, { qr })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_qr' } },
    });
    expect(await ask(simulator.current, 'POST', link, { qr: 'nonsense' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_qr' } },
    });
    expect(await ask(simulator.current, 'POST', link, { code: 'ABCD1234' })).toMatchObject({
      status: 404,
      body: { error: { code: 'no_code_waits' } },
    });
  });

  it('refuses the QR code of a device that has gone away', async () => {
    const number = '15550001004';
    await call(simulator.current, 'POST', '/phones', { number });
    const client = new Client(simulator.current, new ClientState());
    const qr = await eventually(() => client.qr);
    const before = (await statsOf(simulator.current)).sockets;
    await client.close();
    await eventually(async () => (await statsOf(simulator.current)).sockets < before);
    const answer = await ask(simulator.current, 'POST', `/phones/${number}/link`, { qr });
    expect(answer.status).toBe(404);
  });

  it('lets a phone have several devices, each with its own id', async () => {
    const number = '15550001005';
    const one = await pair(simulator.current, number);
    const two = await pair(simulator.current, number);
    const { devices } = await phoneOf(simulator.current, number);
    expect(devices.map(({ id }) => id)).toEqual([1, 2]);
    await call(simulator.current, 'DELETE', `/phones/${number}/devices/1`);
    expect(await one.untilEnded()).toBe(LOGGED_OUT);
    expect(two.isOpen).toBe(true);
    const again = new Client(simulator.current, one.state);
    expect(await again.untilEnded()).toBe(LOGGED_OUT);
    await two.close();
  });

  it('removes the device when it logs out itself', async () => {
    const number = '15550001006';
    const client = await pair(simulator.current, number);
    await client.socket.logout();
    await eventually(async () => (await phoneOf(simulator.current, number)).devices.length === 0);
    const again = new Client(simulator.current, client.state);
    expect(await again.untilEnded()).toBe(LOGGED_OUT);
  });

  it('refuses a login with another noise key', async () => {
    const client = await pair(simulator.current, '15550001007');
    await client.close();
    const { noiseKey } = new ClientState().creds;
    const state = new ClientState({ ...client.state.creds, noiseKey });
    const intruder = new Client(simulator.current, state);
    expect(await intruder.untilEnded()).toBe(LOGGED_OUT);
  });
});
