import { USyncQuery, USyncUser } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, phoneOf, sendFromPhone, shownMessage, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550014001';
const PHONE = '15550014002';
const OTHER = '15550014003';
const STRANGER = '15550014099';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;

silenceLibsignal();

type PresenceView = { from: string; chat?: string; state: string; at: string };

describe('what phones notice of a linked device', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    for (const number of [PHONE, OTHER]) {
      await call(simulator.current, 'POST', '/phones', { number });
    }
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });
  const presencesOf = (number: string) =>
    call<PresenceView[]>(simulator.current, 'GET', `/phones/${number}/presences`);
  const statesAt = async (number: string) =>
    (await presencesOf(number)).map(({ state, chat }) => [state, chat]);
  const received = async (text: string) => {
    const id = await sendFromPhone(simulator.current, PHONE, { to: BOT, text });
    return (await client.untilReceived(id)).key;
  };
  const shown = (id: string, number: string) => shownMessage(simulator.current, number, id);

  it('sees it write and record in its chat, and nobody else does', async () => {
    const chat = `${BOT}@c.us`;
    const { lid } = await phoneOf(simulator.current, PHONE);
    await client.socket.sendPresenceUpdate('composing', PHONE_JID);
    await client.socket.sendPresenceUpdate('recording', lid);
    await client.socket.sendPresenceUpdate('paused', PHONE_JID);
    await eventually(async () => (await presencesOf(PHONE)).length === 3);
    expect(await statesAt(PHONE)).toEqual([
      ['composing', chat],
      ['recording', chat],
      ['paused', chat],
    ]);
    expect((await presencesOf(PHONE))[0]).toMatchObject({ from: chat });
    expect(await presencesOf(OTHER)).toEqual([]);
    expect(await presencesOf(BOT)).toEqual([]);
  });

  it('sees it write in a group', async () => {
    const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Plans',
      participants: [PHONE, OTHER, BOT],
    });
    await client.socket.sendPresenceUpdate('composing', group);
    await eventually(async () => (await presencesOf(OTHER)).length === 1);
    expect(await statesAt(OTHER)).toEqual([['composing', group]]);
  });

  it('sees it come and go when it has a chat with it', async () => {
    await client.send(PHONE_JID, { text: 'hello' });
    const before = (await presencesOf(PHONE)).length;
    client.state.creds.me = { id: client.state.creds.me?.id ?? '', name: 'Bot' };
    await client.socket.sendPresenceUpdate('available');
    await client.socket.sendPresenceUpdate('unavailable');
    await eventually(async () => (await presencesOf(PHONE)).length === before + 2);
    expect((await statesAt(PHONE)).slice(before)).toEqual([
      ['available', undefined],
      ['unavailable', undefined],
    ]);
    expect((await statesAt(OTHER)).length).toBe(1);
  });

  it('sees nothing while it is offline, and keeps the last 200', async () => {
    await call(simulator.current, 'POST', `/phones/${OTHER}/offline`);
    await client.socket.sendPresenceUpdate('composing', `${OTHER}@s.whatsapp.net`);
    for (let count = 0; count < 201; count += 1) {
      await client.socket.sendPresenceUpdate('composing', PHONE_JID);
    }
    await client.socket.sendPresenceUpdate('paused', PHONE_JID);
    await eventually(async () => (await statesAt(PHONE)).at(-1)?.[0] === 'paused');
    expect(await presencesOf(PHONE)).toHaveLength(200);
    expect(await presencesOf(OTHER)).toHaveLength(1);
  });

  it('learns that its message was read, then played', async () => {
    const key = await received('listen');
    const id = key.id ?? '';
    await client.socket.readMessages([key]);
    await eventually(async () => (await shown(id, PHONE)).state === 'read');
    await client.socket.sendReceipt(PHONE_JID, undefined, [id], 'played');
    await eventually(async () => (await shown(id, PHONE)).state === 'played');
    expect((await shown(id, PHONE)).receipts?.map(({ type }) => type)).toEqual([
      'delivered',
      'read',
      'played',
    ]);
    expect((await shown(id, BOT)).state).toBe('read');
  });

  it('learns at once of several messages that were read together', async () => {
    const keys = [await received('one'), await received('two')];
    await client.socket.readMessages(keys);
    for (const { id } of keys) {
      await eventually(async () => (await shown(id ?? '', PHONE)).state === 'read');
    }
  });

  it('is not told what an account reads that keeps it to itself', async () => {
    const { id = '' } = await received('secretly');
    await client.socket.sendReceipt(PHONE_JID, undefined, [id ?? ''], 'read-self');
    await eventually(async () => (await shown(id ?? '', BOT)).state === 'read');
    expect((await shown(id ?? '', PHONE)).state).toBe('delivered');
  });

  it('finds who is on the network, by number and with the LID', async () => {
    const query = new USyncQuery().withContactProtocol().withLIDProtocol();
    for (const number of [PHONE, STRANGER]) query.withUser(new USyncUser().withPhone(`+${number}`));
    const { lid } = await phoneOf(simulator.current, PHONE);
    expect((await client.socket.executeUSyncQuery(query))?.list).toEqual([
      { id: PHONE_JID, contact: true, lid },
      { id: `${STRANGER}@s.whatsapp.net`, contact: false },
    ]);
    expect(await client.socket.onWhatsApp(STRANGER)).toEqual([]);
  });
});
