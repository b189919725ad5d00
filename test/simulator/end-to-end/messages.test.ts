import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, messagesOf, phoneOf, sendFromPhone, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550000001';
const PHONE = '15550000002';
const OTHER = '15550000003';
const DELIVERED = 3;
const READ = 4;

silenceLibsignal();

describe('texts between a linked device and a phone', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    await call(simulator.current, 'POST', '/phones', { number: PHONE });
    await call(simulator.current, 'POST', '/phones', { number: OTHER, autoRead: true });
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });

  it('delivers a text to the phone and to the own phone, and reports delivery', async () => {
    const id = await client.sendAcked(`${PHONE}@s.whatsapp.net`, 'hello');
    await eventually(() => client.statusOf(id) === DELIVERED);
    expect(await messagesOf(simulator.current, PHONE)).toMatchObject([
      { id, chat: `${BOT}@c.us`, from: `${BOT}@c.us`, fromMe: false, text: 'hello', copies: 1 },
    ]);
    expect(await messagesOf(simulator.current, BOT)).toMatchObject([
      { id, chat: `${PHONE}@c.us`, fromMe: true, text: 'hello', copies: 1, state: 'delivered' },
    ]);
  });

  it('brings an answer of the phone to the device, and its receipt to the phone', async () => {
    const id = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'hi there' });
    await eventually(() => client.texts().includes('hi there'));
    const received = client.received.find((message) => message.key.id === id);
    expect(received?.key).toMatchObject({
      remoteJid: `${PHONE}@s.whatsapp.net`,
      remoteJidAlt: (await phoneOf(simulator.current, PHONE)).lid,
      fromMe: false,
    });
    expect(received?.pushName).toBe(`Phone ${PHONE}`);
    await eventually(async () => {
      const shown = await messagesOf(simulator.current, PHONE);
      return shown.find((message) => message.id === id)?.state === 'delivered';
    });
  });

  it('keeps the order of fifty texts each way', async () => {
    const out = Array.from({ length: 50 }, (_, index) => `out ${index}`);
    const back = out.map((_, index) => `back ${index}`);
    for (const text of out) await client.sendText(`${PHONE}@s.whatsapp.net`, text);
    await eventually(() => client.acks.length > out.length);
    for (const text of back) await sendFromPhone(simulator.current, PHONE, { to: BOT, text });
    await eventually(() => client.texts().at(-1) === 'back 49');
    expect(client.texts().slice(-50)).toEqual(back);
    const shown = await messagesOf(simulator.current, PHONE);
    const texts = shown.filter(({ fromMe }) => !fromMe).map(({ text }) => text);
    expect(texts.slice(-50)).toEqual(out);
    expect(shown.every(({ copies }) => copies === 1)).toBe(true);
  });

  it('sends a read receipt by itself when the phone is told so, else when a person reads', async () => {
    const auto = await client.sendText(`${OTHER}@s.whatsapp.net`, 'for the quick reader');
    const manual = await client.sendText(`${PHONE}@s.whatsapp.net`, 'for the slow reader');
    await eventually(() => client.statusOf(auto) === READ);
    await eventually(() => client.statusOf(manual) === DELIVERED);
    const before = await phoneOf(simulator.current, PHONE);
    await call(simulator.current, 'POST', `/phones/${PHONE}/read`, { id: manual });
    await eventually(() => client.statusOf(manual) === READ);
    const after = await phoneOf(simulator.current, PHONE);
    expect(after.unread.total).toBe(before.unread.total - 1);
  });

  it('takes messages by LID, and answers by LID', async () => {
    const { lid } = await phoneOf(simulator.current, OTHER);
    const bot = await phoneOf(simulator.current, BOT);
    const id = await client.sendText(lid, 'to your lid');
    await eventually(() => client.statusOf(id) === READ);
    expect(await messagesOf(simulator.current, OTHER)).toContainEqual(
      expect.objectContaining({ id, from: `${BOT}@c.us`, lid: bot.lid, text: 'to your lid' }),
    );
    const back = await sendFromPhone(simulator.current, OTHER, { to: bot.lid, text: 'from lid' });
    await eventually(() => client.texts().includes('from lid'));
    expect(client.received.find((message) => message.key.id === back)?.key).toMatchObject({
      remoteJid: lid,
      remoteJidAlt: `${OTHER}@s.whatsapp.net`,
    });
  });

  it('shows the read receipt of the device on the phone', async () => {
    const id = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'read me' });
    const received = await eventually(() => client.received.find(({ key }) => key.id === id));
    await client.socket.readMessages([received.key]);
    await eventually(async () => {
      const shown = await messagesOf(simulator.current, PHONE);
      const receipts = shown.find((message) => message.id === id)?.receipts ?? [];
      return receipts.some(({ from, type }) => from === `${BOT}@c.us` && type === 'read');
    });
  });

  it('gives the device a copy of what its own phone sends', async () => {
    const id = await sendFromPhone(simulator.current, BOT, { to: PHONE, text: 'from the owner' });
    const copy = await eventually(() => client.received.find(({ key }) => key.id === id));
    expect(copy.key).toMatchObject({ fromMe: true, remoteJid: `${PHONE}@s.whatsapp.net` });
    expect(copy.message?.conversation).toBe('from the owner');
    expect((await messagesOf(simulator.current, PHONE)).at(-1)).toMatchObject({
      id,
      text: 'from the owner',
      from: `${BOT}@c.us`,
    });
  });

  it('says who is on the network, and refuses a message to who is not', async () => {
    expect(await client.socket.onWhatsApp(PHONE, '15559999999')).toEqual([
      { jid: `${PHONE}@s.whatsapp.net`, exists: true },
    ]);
    const id = await client.sendText('15559999999@s.whatsapp.net', 'nobody there');
    expect((await client.untilAcked(id)).error).toBe('404');
  });
});
