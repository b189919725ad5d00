import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, messagesOf, sendFromPhone, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, connect, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550004001';
const PHONE = '15550004002';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;

silenceLibsignal();

describe('what waits, comes again or survives', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeEach(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    await call(simulator.current, 'POST', '/phones', { number: PHONE });
  });
  afterEach(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });
  const textsAtPhone = async () =>
    (await messagesOf(simulator.current, PHONE)).map(({ text }) => text);

  it('keeps what is sent to a device that is away, in order, and delivers it once', async () => {
    await client.close();
    const texts = ['a', 'b', 'c', 'd', 'e'];
    for (const text of texts) await sendFromPhone(simulator.current, PHONE, { to: BOT, text });
    client = await connect(simulator.current, client.state);
    await eventually(() => client.texts().length === texts.length);
    expect(client.texts()).toEqual(texts);
    await eventually(async () => (await statsOf(simulator.current)).messages.delivered === 5);
    await client.close();
    client = await connect(simulator.current, client.state);
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'live' });
    await eventually(() => client.texts().length > 0);
    expect(client.texts()).toEqual(['live']);
  });

  it('delivers again what the device has not acknowledged', async () => {
    client.socket.ws.removeAllListeners('CB:message');
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'lost on the device' });
    await client.close();
    client = await connect(simulator.current, client.state);
    await eventually(() => client.texts().includes('lost on the device'));
  });

  it('lets messages wait for a phone that is offline, and its receipts come then', async () => {
    await call(simulator.current, 'POST', `/phones/${PHONE}/offline`);
    const id = await client.sendAcked(PHONE_JID, 'wake up');
    expect(await textsAtPhone()).toEqual([]);
    expect(client.statusOf(id)).toBeLessThan(3);
    await call(simulator.current, 'POST', `/phones/${PHONE}/online`);
    expect(await textsAtPhone()).toEqual(['wake up']);
    await eventually(() => client.statusOf(id) === 3);
  });

  it('has a phone ask again for what it cannot decrypt', async () => {
    const { signalRepository } = client.socket;
    const encrypt = signalRepository.encryptMessage;
    signalRepository.encryptMessage = async (request) => {
      signalRepository.encryptMessage = encrypt;
      const { type, ciphertext } = await encrypt(request);
      const damaged = Buffer.from(ciphertext);
      damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
      return { type, ciphertext: damaged };
    };
    const own = await client.sendText(PHONE_JID, 'damaged for one of the two phones');
    for (const number of [BOT, PHONE]) {
      await eventually(async () => {
        const shown = await messagesOf(simulator.current, number);
        return shown.some(({ id, copies }) => id === own && copies === 2);
      });
    }
    const { messages, violations } = await statsOf(simulator.current);
    expect(messages).toMatchObject({ retryReceipts: 1, resent: 1 });
    expect(violations.duplicateIds).toBe(0);
  });

  it('has a phone send again what the device cannot decrypt', async () => {
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'starts the session' });
    await eventually(() => client.texts().length === 1);
    const reply = await client.sendText(PHONE_JID, 'ends the pre-key messages');
    await eventually(() => client.statusOf(reply) === 3);
    client.state.loseSessions();
    const id = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'unreadable once' });
    await eventually(() => client.texts().includes('unreadable once'));
    expect(client.received.filter(({ key }) => key.id === id).length).toBeGreaterThan(1);
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'goes on' });
    await eventually(() => client.texts().at(-1) === 'goes on');
  });

  it('survives a restart with sessions, queues and messages intact', async () => {
    await client.sendAcked(PHONE_JID, 'before');
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'answer before' });
    await eventually(() => client.texts().includes('answer before'));
    await eventually(async () => (await statsOf(simulator.current)).messages.delivered === 1);
    const before = simulator.current;
    const ended = client.untilEnded();
    await simulator.restart();
    expect(await ended).toBe(428);
    expect(simulator.current).toMatchObject({ url: before.url, noiseRoot: before.noiseRoot });
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'while away' });
    client = await connect(simulator.current, client.state);
    await eventually(() => client.texts().includes('while away'));
    await client.sendAcked(PHONE_JID, 'after');
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'answer after' });
    await eventually(() => client.texts().includes('answer after'));
    expect(await textsAtPhone()).toEqual([
      'before',
      'answer before',
      'while away',
      'after',
      'answer after',
    ]);
    expect((await statsOf(simulator.current)).messages.retryReceipts).toBe(0);
  });

  it('gives a new device of an old account what is sent from then on', async () => {
    const second = await pair(simulator.current, BOT);
    const id = await client.sendText(PHONE_JID, 'to all of us');
    const copy = await eventually(() => second.received.find(({ key }) => key.id === id));
    expect(copy.key).toMatchObject({ fromMe: true, remoteJid: PHONE_JID });
    await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'to both' });
    await eventually(() => client.texts().includes('to both'));
    await eventually(() => second.texts().includes('to both'));
    await second.close();
  });
});
