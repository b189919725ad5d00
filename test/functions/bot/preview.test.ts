import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  call,
  dataOf,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';
import { aKeyword } from './keyword-calls.ts';

const CHAT = '15550000002';

const Preview = z.strictObject({
  would_reply: z.boolean(),
  reply: z.looseObject({ type: z.string() }).nullable(),
  rule: z.strictObject({ id: z.string(), keyword: z.string() }).nullable(),
  is_default: z.boolean(),
  reasons: z.array(z.string()).min(1),
  at: z.iso.datetime(),
  knows_history: z.boolean(),
});

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await aLinkedInstance(api, account);
});

async function ask(json: object) {
  return await call(api, `POST /whatsapp/bot/preview${instance.query}`, { json });
}

async function previewed(message: string, more: object = {}) {
  return dataOf(await ask({ message, ...more }), Preview);
}

async function set(route: string, json: object): Promise<void> {
  const answer = await call(api, `PUT /whatsapp/${route}${instance.query}`, { json });
  expect(answer.status).toBe(200);
}

describe('POST /whatsapp/bot/preview', () => {
  it('says what a rule would answer, and by which of its keywords', async () => {
    const reply = { type: 'text', message: 'It is $5, [name].' };
    const { _id } = await aKeyword({ api, instance }, { keywords: ['cost', 'price'], reply });

    expect(await previewed('What is the price?', { name: 'Ada' })).toMatchObject({
      would_reply: true,
      reply: { type: 'text', text: 'It is $5, Ada.' },
      rule: { id: _id, keyword: 'price' },
      is_default: false,
      at: api.clock.now.toISOString(),
      knows_history: false,
    });
  });

  it('reads the rules once as long as none has changed', async () => {
    const read = vi.spyOn(api.deps.keywords, 'all');
    const by = { api, instance };
    await aKeyword(by, { keyword: 'price' });
    expect(await previewed('price')).toMatchObject({ would_reply: true });
    expect(await previewed('cost')).toMatchObject({ rule: null });
    expect(read).toHaveBeenCalledTimes(1);

    await aKeyword(by, { keyword: 'cost' });
    expect(await previewed('cost')).toMatchObject({ rule: { keyword: 'cost' } });
    expect(read).toHaveBeenCalledTimes(2);
    read.mockRestore();
  });

  it('says the default message where no rule matches, and nothing where it is off', async () => {
    await set('updateGeneral', { default_msg: 'Ask for the price.' });
    expect(await previewed('hello')).toMatchObject({
      would_reply: true,
      reply: { type: 'text', text: 'Ask for the price.' },
      rule: null,
      is_default: true,
    });
    await set('updateActions', { send_default_msg: false });
    expect(await previewed('hello')).toMatchObject({
      would_reply: false,
      reply: null,
      rule: null,
      is_default: false,
    });
  });

  it('sees the day and the hour, the kind of chat, and whether nobody was there', async () => {
    await set('updateGeneral', { bot_timezone: '+0' });
    await set('updateActiveHours', { from: '9:00', to: '17:00' });
    await set('updateActiveDays', { saturday: false });
    await set('updateActions', { reply_group_msgs: false, reply_unread_msgs: false });
    const noon = { at: '2026-11-25T12:00:00Z' };
    const wouldReply = async (more: object) => (await previewed('hello', more)).would_reply;

    expect(await wouldReply(noon)).toBe(true);
    expect(await wouldReply({ at: '2026-11-25T14:00:00+02:00' })).toBe(true);
    expect(await wouldReply({ at: '2026-11-25T20:00:00Z' })).toBe(false);
    expect(await wouldReply({ at: '2026-11-28T12:00:00Z' })).toBe(false);
    expect(await wouldReply({ ...noon, chat: 'group' })).toBe(false);
    expect(await wouldReply({ ...noon, chatId: '120363041234567890@g.us' })).toBe(false);
    expect(await wouldReply({ ...noon, backlog: true })).toBe(false);
  });

  it('looks at what the bot did in the chat that it is told of', async () => {
    const at = api.clock.now;
    const chat = { instanceId: instance.id, chatId: `${CHAT}@c.us` };
    await api.deps.botChats.keep(chat, { defaultSentAt: at, repliesAt: [at] }, at);

    expect(await previewed('hello')).toMatchObject({ would_reply: true, knows_history: false });
    expect(await previewed('hello', { chatId: CHAT })).toMatchObject({
      would_reply: false,
      knows_history: true,
    });
  });

  it('shows files and cards as they would go out', async () => {
    const url = 'https://example.com/a.jpg';
    const file = { type: 'media', media_type: 'image', url, caption: 'For [name]' };
    await aKeyword({ api, instance }, { keyword: 'picture', reply: file });
    const vcard = { fullName: 'Ann', phoneNumber: CHAT };
    await aKeyword({ api, instance }, { keyword: 'human', reply: { type: 'contact', vcard } });

    const { reply: picture } = await previewed('picture', { name: 'Ada' });
    expect(picture).toMatchObject({ type: 'media', media_type: 'image', url, caption: 'For Ada' });
    expect((await previewed('human')).reply).toMatchObject({ type: 'contact', vcard });
  });

  it('says of a reply that cannot be sent that it would not be', async () => {
    const reply = { type: 'text', message: '[name]' };
    await aKeyword({ api, instance }, { keyword: 'empty', reply });

    const preview = await previewed('empty');
    expect(preview).toMatchObject({ would_reply: false, reply: null });
    expect(preview.reasons.at(-1)).toMatch(/cannot be sent/);
  });

  it('sends nothing and remembers nothing', async () => {
    await previewed('hello', { chatId: CHAT });

    expect(await previewed('hello', { chatId: CHAT })).toMatchObject({ would_reply: true });
    for await (const entry of api.deps.outbox.all(instance.id)) expect(entry).toBeUndefined();
  });

  it.each([
    [{}, ['message']],
    [{ message: 7 }, ['message']],
    [{ message: 'x', at: 'soon' }, ['at']],
    [{ message: 'x', at: '2026-11-25T12:00:00' }, ['at']],
    [{ message: 'x', chat: 'status' }, ['chat']],
    [{ message: 'x', chatId: '1' }, ['chatId']],
    [{ message: 'x', number: '12' }, ['number']],
    [{ message: 'x', backlog: 'x' }, ['backlog']],
  ])('refuses %j with the path of the fault', async (json, paths) => {
    const answer = await ask(json);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(paths);
  });
});
