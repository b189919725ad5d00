import { describe, expect, it } from 'vitest';
import { keys } from '#shared/repositories/keys.ts';
import { anInboundMessage } from '../inbound/messages.ts';
import { botAtWork } from './bot-at-work.ts';

const HOUR_MS = 3_600_000;
const CHAT_ID = '2348179803743@c.us';

function saying(text: string, changes: Parameters<typeof anInboundMessage>[0] = {}) {
  return anInboundMessage({
    waId: text,
    content: { kind: 'chat', text, mentioned: [] },
    ...changes,
  });
}

describe('the bot', () => {
  it('puts the reply of the rule that matches into the outbox, and rings', async () => {
    const { bot, teach, waiting, rings, clock, metrics, instance } = await botAtWork();
    await teach({ reply: { type: 'text', text: 'It is $5, [name].' } });
    await bot.answer(saying('What is the price?'));

    const [reply, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(reply).toMatchObject({
      instanceId: instance.instanceId,
      chatId: CHAT_ID,
      content: { kind: 'text', text: 'It is $5, Ada.' },
      state: 'QUEUED',
      validUntil: new Date(clock.now().getTime() + 6 * HOUR_MS).toISOString(),
    });
    expect(reply?.content).not.toHaveProperty('quoted');
    expect(rings()).toBe(1);
    expect(metrics.valuesOf('MessagesAccepted')).toEqual([1]);
  });

  it('answers a message once, however often it is told, and after a restart too', async () => {
    const { bot, makeBot, teach, waiting, clock, rings } = await botAtWork();
    await teach();
    const message = saying('price');
    await bot.answer(message);
    await bot.answer(message);
    clock.move(48 * HOUR_MS);
    await makeBot().answer(message);

    expect(await waiting()).toHaveLength(1);
    expect(rings()).toBe(3);
  });

  it('answers once when the answer of the table is lost, and rings all the same', async () => {
    const { bot, teach, waiting, table, rings } = await botAtWork();
    await teach();
    table.losesAnswer = () => true;
    await expect(bot.answer(saying('price'))).rejects.toThrow();
    expect(rings()).toBe(0);
    table.losesAnswer = () => false;
    await bot.answer(saying('price'));

    expect(await waiting()).toHaveLength(1);
    expect(rings()).toBe(1);
  });

  it('tells messages of one id from different chats, and from different people of a group, apart', async () => {
    const { bot, teach, waiting } = await botAtWork();
    await teach();
    const group = {
      chat: { kind: 'group', group: '120363041234567890' },
      remoteJid: '120363041234567890@g.us',
    } as const;
    await bot.answer(saying('price'));
    await bot.answer(saying('price', { ...group, participant: '1@lid' }));
    await bot.answer(saying('price', { ...group, participant: '2@lid' }));

    expect(await waiting()).toHaveLength(3);
  });

  it('quotes in groups what it answers', async () => {
    const { bot, teach, waiting } = await botAtWork();
    await teach();
    const chat = { kind: 'group', group: '120363041234567890' } as const;
    await bot.answer(saying('price', { chat, remoteJid: '120363041234567890@g.us' }));

    const [reply] = await waiting();
    const chatId = '120363041234567890@g.us';
    expect(reply).toMatchObject({
      chatId,
      content: { quoted: { waId: 'price', chatId, fromMe: false } },
    });
  });

  it('answers who is known by a LID alone', async () => {
    const { bot, teach, waiting } = await botAtWork();
    await teach();
    const lid = '98765432101';
    await bot.answer(saying('price', { chat: { kind: 'lid', lid }, sender: { lid } }));

    expect(await waiting()).toMatchObject([{ chatId: `${lid}@lid` }]);
  });

  it('remembers what it did in a chat in the transaction of its reply', async () => {
    const { bot, waiting, botChats, clock, instance, table } = await botAtWork();
    const chat = { instanceId: instance.instanceId, chatId: CHAT_ID };
    table.isAway = (call) => call.kind === 'write';
    await expect(bot.answer(saying('hello'))).rejects.toThrow();
    expect([await botChats.get(chat), await waiting()]).toEqual([undefined, []]);
    table.isAway = () => false;
    await bot.answer(saying('hello'));
    expect(await botChats.get(chat)).toMatchObject({ defaultSentAt: clock.now() });

    await bot.answer(saying('hello again'));
    expect(await waiting()).toHaveLength(1);
    clock.move(2 * HOUR_MS);
    await bot.answer(saying('hello at last'));
    expect(await waiting()).toHaveLength(2);
  });

  it('reads the rules anew when they have changed, and not otherwise', async () => {
    const { bot, teach, waiting, table, instance, set } = await botAtWork();
    await set({ send_default_msg: false });
    let loads = 0;
    const rulesKey = keys.keyword(instance.instanceId, '').sk;
    table.isAway = (call) => {
      if (call.kind === 'query' && JSON.stringify(call.query).includes(rulesKey)) loads += 1;
      return false;
    };
    await bot.answer(saying('price'));
    expect([loads, await waiting()]).toEqual([0, []]);
    await teach();
    for (const text of ['price 1', 'price 2', 'price 3']) await bot.answer(saying(text));
    expect(loads).toBe(1);
    await teach({ keywords: ['hours'] });
    await bot.answer(saying('hours'));

    expect(loads).toBe(2);
    expect(await waiting()).toHaveLength(4);
  });

  it('goes by the settings as they are now', async () => {
    const { bot, waiting, set } = await botAtWork();
    await set({ reply_msgs: false });
    await bot.answer(saying('hello'));
    expect(await waiting()).toEqual([]);
    await set({ reply_msgs: true, reply_unread_msgs: false });
    await bot.answer(saying('old', { backlog: true }));
    expect(await waiting()).toEqual([]);
    await bot.answer(saying('new'));
    expect(await waiting()).toHaveLength(1);
  });

  it('says nothing to what is its own, or nothing to answer', async () => {
    const { bot, waiting, table } = await botAtWork();
    const reads: unknown[] = [];
    table.isAway = (call) => reads.push(call) === 0;
    await bot.answer(saying('mine', { fromMe: true }));
    expect(reads).toEqual([]);
    for (const kind of ['revoked', 'unknown'] as const) {
      await bot.answer(saying(kind, { content: { kind, text: '', mentioned: [] } }));
    }
    expect(await waiting()).toEqual([]);
  });

  it('says nothing for an instance that is logged out, or gone', async () => {
    const { bot, waiting, instances, instance, clock } = await botAtWork();
    await instances.wish(instance, { desired: 'LOGGED_OUT', at: clock.now() });
    await bot.answer(saying('hello'));
    await instances.remove({ ...instance, desired: 'DELETED' });
    await bot.answer(saying('hello again'));

    expect(await waiting()).toEqual([]);
  });

  it('lets a message go on whose reply can never be sent, and says so without a word of it', async () => {
    const { bot, teach, waiting, sentences, written } = await botAtWork();
    await teach({ reply: { type: 'text', text: '[name]' } });
    await bot.answer(saying('secret price', { sender: { phone: '2348179803743' } }));

    expect(await waiting()).toEqual([]);
    expect(sentences()).toEqual(['The bot has a reply that cannot be sent.']);
    expect(written()).not.toMatch(/secret|price|2348179803743/);
  });

  it('rejects while the table is away', async () => {
    const { bot, teach, table, waiting } = await botAtWork();
    await teach();
    table.isAway = () => true;
    await expect(bot.answer(saying('price'))).rejects.toThrow('away');
    table.isAway = () => false;
    await bot.answer(saying('price'));
    expect(await waiting()).toHaveLength(1);
  });
});
