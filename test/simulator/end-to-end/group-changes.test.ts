import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { ask, call, messagesOf, phoneOf, sendFromPhone, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550015001';
const ANNA = '15550015002';
const BEN = '15550015003';
const CLEO = '15550015004';
const jidOf = (number: string) => `${number}@s.whatsapp.net`;

silenceLibsignal();

type GroupView = {
  id: string;
  subject: string;
  description?: string;
  participants: string[];
  admins: string[];
};

let simulator: TemporarySimulator;
let client: Client;
let members: BaileysEventMap['group-participants.update'][];
let groups: BaileysEventMap['groups.update'][];
let requests: BaileysEventMap['group.join-request'][];
let presences: BaileysEventMap['presence.update'][];
let calls: BaileysEventMap['call'][];

/** What the device tells from now on. */
function collect<Name extends keyof BaileysEventMap>(name: Name): BaileysEventMap[Name][] {
  const heard: BaileysEventMap[Name][] = [];
  client.socket.ev.on(name, (event) => void heard.push(event));
  return heard;
}

beforeAll(async () => {
  simulator = await TemporarySimulator.start();
  client = await pair(simulator.current, BOT);
  members = collect('group-participants.update');
  groups = collect('groups.update');
  requests = collect('group.join-request');
  presences = collect('presence.update');
  calls = collect('call');
  for (const number of [ANNA, BEN, CLEO]) {
    await call(simulator.current, 'POST', '/phones', { number });
  }
});
afterAll(async () => {
  await client.close();
  expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
  await simulator.remove();
});

describe.each(['lid', 'pn'])('a group addressed by %s', (addressingMode) => {
  let id: string;
  beforeAll(async () => {
    const group = { subject: 'Plans', participants: [ANNA, BEN, BOT], addressingMode };
    ({ id } = await call<GroupView>(simulator.current, 'POST', '/groups', group));
  });
  const change = async (by: string, what: object) =>
    await ask<GroupView>(simulator.current, 'POST', `/phones/${by}/groups/${id}`, what);
  const addressOf = async (number: string) =>
    addressingMode === 'lid' ? (await phoneOf(simulator.current, number)).lid : jidOf(number);
  const updates = () => members.filter((one) => one.id === id);

  it('tells a linked device who comes, goes, and becomes an admin', async () => {
    await change(ANNA, { promote: [BEN] });
    await change(BEN, { add: [CLEO] });
    await change(CLEO, { leave: true });
    await change(ANNA, { demote: [BEN] });
    await eventually(() => updates().length === 4);
    const seen = updates().map(({ action, author, participants }) => [
      action,
      author,
      participants[0]?.id,
    ]);
    const [anna, ben, cleo] = await Promise.all([ANNA, BEN, CLEO].map(addressOf));
    expect(seen).toEqual([
      ['promote', anna, ben],
      ['add', ben, cleo],
      ['remove', cleo, cleo],
      ['demote', anna, ben],
    ]);
    const { participants } = await client.socket.groupMetadata(id);
    expect(participants.map(({ admin }) => admin)).toEqual(['superadmin', null, null]);
  });

  it('tells what it is called and what it is about, and keeps it', async () => {
    await change(BEN, { subject: 'Other plans' });
    const { body } = await change(BOT, { description: 'What we are up to' });
    expect(body).toMatchObject({ subject: 'Other plans', description: 'What we are up to' });
    const isTold = (update: Partial<BaileysEventMap['groups.update'][number]>) =>
      update.desc === 'What we are up to';
    await eventually(() => groups.flat().some(isTold));
    expect(await client.socket.groupMetadata(id)).toMatchObject({
      subject: 'Other plans',
      desc: 'What we are up to',
    });
  });

  it('tells its admins alone who asks to be let in', async () => {
    const before = requests.length;
    await change(CLEO, { request: true });
    await change(ANNA, { promote: [BOT] });
    await change(CLEO, { request: true });
    await eventually(() => requests.length > before);
    expect(requests.slice(before)).toMatchObject([
      { id, action: 'created', method: 'invite_link' },
    ]);
  });

  it.each([
    [CLEO, { subject: 'Mine' }, 403, 'not_a_member'],
    [BEN, { add: [CLEO] }, 403, 'not_an_admin'],
    [ANNA, { add: [BEN] }, 409, 'already_a_member'],
    [ANNA, { remove: [CLEO] }, 404, 'no_such_member'],
    [BEN, { request: true }, 409, 'already_a_member'],
    [ANNA, {}, 400, 'invalid_request'],
    [ANNA, { leave: true, subject: 'Both' }, 400, 'invalid_request'],
  ])('refuses what WhatsApp would refuse: %s, %j', async (by, what, status, code) => {
    const answer = await change(by, what);
    expect([answer.status, Object(answer.body).error.code]).toEqual([status, code]);
  });

  it('carries nothing more to who was removed', async () => {
    await change(ANNA, { remove: [BOT] });
    await eventually(() => updates().length > 4);
    await sendFromPhone(simulator.current, ANNA, { to: id, text: `without you ${id}` });
    await sendFromPhone(simulator.current, ANNA, { to: BOT, text: `to you ${id}` });
    await eventually(() => client.texts().includes(`to you ${id}`));
    expect(client.texts()).not.toContain(`without you ${id}`);
  });
});

describe('what goes to many', () => {
  it('is a status, for all with whom the phone has a chat', async () => {
    const id = await sendFromPhone(simulator.current, ANNA, {
      to: 'status@broadcast',
      text: 'sea',
    });
    const { key, message } = await client.untilReceived(id);
    expect(key.remoteJid).toBe('status@broadcast');
    expect(message?.conversation).toBe('sea');
    expect((await messagesOf(simulator.current, BEN)).some((shown) => shown.id === id)).toBe(false);
  });

  it('is a message for each on a list, in the chat with its sender', async () => {
    const id = await sendFromPhone(simulator.current, ANNA, { to: [BEN, BOT], text: 'open' });
    const { key } = await client.untilReceived(id);
    expect(key.remoteJid).toMatch(/^\d+@broadcast$/);
    const shown = (await messagesOf(simulator.current, BEN)).find((message) => message.id === id);
    expect(shown).toMatchObject({ chat: `${ANNA}@c.us`, text: 'open' });
  });
});

describe('what leaves no message', () => {
  const type = async (state: string) =>
    await call(simulator.current, 'POST', `/phones/${ANNA}/presence`, { to: BOT, state });

  it('is typing, of which a device hears while it is available', async () => {
    await type('recording');
    await client.socket.sendPresenceUpdate('available');
    await eventually(async () => {
      await type('composing');
      return presences.length > 0;
    });
    const [first] = presences;
    expect(first?.presences[jidOf(ANNA)]).toEqual({ lastKnownPresence: 'composing' });
    await client.socket.sendPresenceUpdate('unavailable');
    const nowhere = { to: 'status@broadcast', state: 'composing' };
    const answer = await ask(simulator.current, 'POST', `/phones/${ANNA}/presence`, nowhere);
    expect(answer.status).toBe(400);
  });

  it('is a call, which rings until it ends', async () => {
    const path = `/phones/${ANNA}/calls`;
    const { id } = await call<{ id: string }>(simulator.current, 'POST', path, { to: BOT });
    await eventually(() => calls.length === 1);
    await call(simulator.current, 'DELETE', `${path}/${id}?reason=timeout`);
    await eventually(() => calls.length === 2);
    expect(calls.flat().map(({ status }) => status)).toEqual(['offer', 'timeout']);
    expect(calls[0]?.[0]).toMatchObject({ id, callerPn: jidOf(ANNA), isVideo: false });
    expect((await ask(simulator.current, 'DELETE', `${path}/${id}`)).status).toBe(404);
  });
});
