import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { until } from '../../infra/local/until.ts';
import { A_PDF, aPicture } from '../runner/media/sample-files.ts';
import { LinkedInstance, NO_VIOLATIONS, shownBy, violations } from './linked-instance.ts';
import { LinkedTree } from './linked-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const NEWCOMER = '15550000009';
const POSTS = 1_000;
const SOCKETS = 50;
const AHEAD_MS = 3_000;
const MIXED = 50;

const LIST = {
  title: 'Lunch',
  text: 'What shall it be?',
  sections: [
    {
      rows: [
        { title: 'Soup', rowId: 'soup-of-the-day' },
        { title: 'Fish', rowId: 'fish' },
      ],
    },
  ],
};
const BUTTONS = {
  text: 'Shall we?',
  buttons: [
    { type: 'replyButton', title: 'Yes', payload: 'yes' },
    { type: 'replyButton', title: 'No', payload: 'no' },
  ],
};

let system: LinkedTree;
let instance: LinkedInstance;

beforeAll(async () => {
  system = await LinkedTree.open({ phone: BUSINESS, others: [CUSTOMER] });
  instance = system.instance;
}, 60_000);

afterAll(async () => {
  await system.close();
});

it('sends once what is posted a thousand times with one key, and answers all alike', async () => {
  const { url } = await system.tree.api();
  const pool = new Pool(url, { connections: SOCKETS });
  const { session_id, access_token } = instance.credentials;
  const body = { session_id, access_token, chatId: CUSTOMER, message: 'just once' };
  const answers = await Promise.all(
    Array.from({ length: POSTS }, async () => {
      const {
        statusCode,
        headers,
        body: answer,
      } = await pool.request({
        method: 'POST',
        path: '/whatsapp/message',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'the one key' },
        body: JSON.stringify(body),
      });
      const { data } = Sent.parse(await answer.json());
      // How far the message has come meanwhile is all that may differ.
      const { status: _status, ...message } = data.message;
      return JSON.stringify([statusCode, headers['x-message-id'], { ...data, message }]);
    }),
  );
  await pool.close();
  expect(new Set(answers).size).toBe(1);
  expect(JSON.parse(answers[0] ?? '')).toMatchObject([200, expect.any(String), {}]);

  await instance.untilState(await instance.send(CUSTOMER, 'after it'), 'READ');
  const texts = (await shownBy(system.tree.simulator, CUSTOMER)).map(({ text }) => text);
  expect(texts).toEqual(['just once', 'after it']);
}, 60_000);

describe('a message for later', () => {
  it('does not arrive before, and holds up nobody', async () => {
    const sendAt = new Date(Date.now() + AHEAD_MS).toISOString();
    const later = await instance.send(CUSTOMER, 'later', { sendAt });
    const canceled = await instance.send(CUSTOMER, 'never', { sendAt });
    await instance.post(`/${canceled}/cancel`);
    const now = await system.shown(CUSTOMER, await instance.send(CUSTOMER, 'now'));
    const shown = await system.shown(CUSTOMER, later);
    expect(now.at < sendAt).toBe(true);
    expect(shown.at >= sendAt).toBe(true);

    expect((await instance.message(canceled)).state).toBe('CANCELED');
    await expect(instance.post(`/${later}/cancel`)).rejects.toThrow('409');
    await instance.untilState(await instance.send(CUSTOMER, 'after both'), 'READ');
    const texts = (await shownBy(system.tree.simulator, CUSTOMER)).map(({ text }) => text);
    expect(texts).toContain('later');
    expect(texts).not.toContain('never');
  });
});

it('gives up what is out of date when its session is up at last', async () => {
  const ends = { phone: '15550000005', others: [] };
  const unlinked = await LinkedInstance.start(system.tree, ends);
  const id = await unlinked.send(CUSTOMER, 'too late', { expiresIn: 1 });
  const { valid_until } = await unlinked.message(id);
  await until('its time to run out', async () => new Date() > new Date(valid_until) || undefined);
  expect((await unlinked.message(id)).state).toBe('QUEUED');

  await unlinked.scan();
  await unlinked.untilState(id, 'EXPIRED');
  await unlinked.untilState(await unlinked.send(CUSTOMER, 'in time'), 'READ');
  const texts = (await shownBy(system.tree.simulator, CUSTOMER)).map(({ text }) => text);
  expect(texts).toContain('in time');
  expect(texts).not.toContain('too late');
});

it('sends again what failed, when it is asked to, once', async () => {
  const failed = await instance.send(NEWCOMER, 'welcome');
  await instance.untilState(failed, 'FAILED');
  expect((await instance.message(failed)).error).toEqual({
    code: 'not_on_whatsapp',
    message: 'The number is not on WhatsApp.',
  });

  await system.tree.simulator.call('POST', '/phones', { number: NEWCOMER });
  const [first, second] = await Promise.all([1, 2].map(() => instance.post(`/${failed}/retry`)));
  const { whatsapp_id: repeated } = Retried.parse(first?.body).data;
  expect(Retried.parse(second?.body).data.whatsapp_id).toBe(repeated);
  expect(await system.shown(NEWCOMER, repeated)).toMatchObject({ text: 'welcome' });
  await instance.untilState(repeated, 'DELIVERED');
  expect((await instance.message(failed)).state).toBe('FAILED');
  expect(await shownBy(system.tree.simulator, NEWCOMER)).toHaveLength(1);
});

it("says WhatsApp's refusal in plain words", async () => {
  await fault({ kind: 'nack', code: 463 });
  const id = await instance.send(CUSTOMER, 'refused');
  await instance.untilState(id, 'FAILED');
  expect((await instance.message(id)).error).toEqual({
    code: '463',
    message: 'WhatsApp does not let this number start new chats now.',
  });
});

describe('a list or buttons', () => {
  it('go out as text, and a reply of a number is a choice, of the list that it quotes', async () => {
    const older = await instance.sendAs('list', { chatId: CUSTOMER, msgdata: LIST });
    const shown = await system.shown(CUSTOMER, older);
    expect(shown).toMatchObject({
      type: 'text',
      text: '*Lunch*\nWhat shall it be?\n\n1. Soup\n2. Fish',
    });
    await reply({ text: '2' });
    expect(await choice('fish')).toMatchObject({ body: '2' });

    const newer = await instance.sendAs('button', { chatId: CUSTOMER, btndata: BUTTONS });
    await system.shown(CUSTOMER, newer);
    await reply({ text: '1', quote: older });
    expect(await choice('soup-of-the-day')).toMatchObject({ body: '1' });
    await reply({ text: ' no' });
    expect(await choice('no')).toMatchObject({ body: ' no' });
  });

  it('go out as text when WhatsApp refuses its own', async () => {
    const before = (await shownBy(system.tree.simulator, CUSTOMER)).length;
    await fault({ kind: 'nack', code: 479, only: 'native_flow' });
    const fields = { chatId: CUSTOMER, btndata: BUTTONS, native: true };
    const refused = await instance.sendAs('button', fields);
    const accepted = await instance.sendAs('button', fields);
    await system.shown(CUSTOMER, accepted);
    const messages = await until('the text instead', async () => {
      const shown = (await shownBy(system.tree.simulator, CUSTOMER)).slice(before);
      return shown.length >= 2 ? shown : undefined;
    });
    expect(messages.map(({ type }) => type).toSorted()).toEqual(['interactive', 'text']);
    expect(messages.find(({ type }) => type === 'text')?.text).toMatch(/^Shall we\?\n\n1\. Yes/);
    expect(messages.map(({ id }) => id)).not.toContain(refused);
    expect((await instance.message(accepted)).rendered_as).toBe('native');
  });
});

it('loses, doubles and mixes up nothing when the runner is killed in the middle', async () => {
  const files = [
    await attach('picture.png', 'image/png', await aPicture('png')),
    await attach('paper.pdf', 'application/pdf', A_PDF),
  ];
  const ids: string[] = [];
  const before = runnerPid();
  for (let index = 0; index < MIXED; index += 1) {
    ids.push(await sendMixed(index, files));
    if (index === MIXED / 2) process.kill(before, 'SIGKILL');
  }
  await instance.untilState(ids.at(-1) ?? '', 'READ');
  expect(runnerPid()).not.toBe(before);
  const all = await shownBy(system.tree.simulator, CUSTOMER, 1_000);
  expect(all.flatMap(({ id }) => (ids.includes(id) ? [id] : []))).toEqual(ids);
  expect(await violations(system.tree.simulator)).toEqual(NO_VIOLATIONS);
}, 60_000);

const Sent = z.object({ data: z.looseObject({ message: z.looseObject({ status: z.string() }) }) });
const Retried = z.object({ data: z.object({ whatsapp_id: z.string() }) });
const Attached = z.object({ data: z.object({ _id: z.string() }) });

function runnerPid(): number {
  const pid = system.tree.processes()['runner/main.ts'];
  if (pid === undefined) throw new Error('There is no runner.');
  return pid;
}

/** Texts, pictures and documents by turns. */
async function sendMixed(index: number, [picture, paper]: string[]): Promise<string> {
  const chatId = CUSTOMER;
  switch (index % 5) {
    case 2:
      return await instance.sendAs('image', { chatId, attachmentId: picture });
    case 4:
      return await instance.sendAs('doc', { chatId, attachmentId: paper });
    default:
      return await instance.send(chatId, `mixed ${index}`);
  }
}

async function attach(name: string, type: string, bytes: Buffer): Promise<string> {
  const { url } = await system.tree.api();
  const form = new FormData();
  form.append('file', new File([new Uint8Array(bytes)], name, { type }));
  const answer = await fetch(`${url}/whatsapp/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await system.tree.token()}` },
    body: form,
  });
  return Attached.parse(await answer.json()).data._id;
}

async function reply(content: { text: string; quote?: string }): Promise<void> {
  const body = { to: BUSINESS, ...content };
  await system.tree.simulator.call('POST', `/phones/${CUSTOMER}/messages`, body);
}

/** What `onButton` told of the option with this id. */
async function choice(id: string): Promise<unknown> {
  const { data } = await system.event(`the choice of ${id}`, ({ event, data }) => {
    return event === 'onButton' && data.selectedButtonId === id;
  });
  return data;
}

async function fault(body: object): Promise<void> {
  await system.tree.simulator.call('POST', '/faults', { number: BUSINESS, ...body });
}
