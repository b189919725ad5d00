import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChatHistory } from '#shared/bot/decision.ts';
import { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { aMessage, anInstance } from '../../runner/records.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const DAY_MS = 24 * 3_600_000;
const FULL: ChatHistory = {
  defaultSentAt: new Date('2026-11-22T10:00:00.000Z'),
  repliesAt: [new Date('2026-11-22T10:00:00.000Z'), new Date('2026-11-22T10:00:01.000Z')],
  pausedUntil: new Date('2026-11-22T11:00:00.000Z'),
};

let open: OpenTable;
let chats: BotChatRepository;
beforeAll(async () => {
  open = await openTable();
  chats = new BotChatRepository(open.table);
});
afterAll(async () => {
  await open.close();
});

it('reads what the bot did as it was written, of that chat of that instance alone', async () => {
  const chat = { instanceId: anId(1), chatId: '15550000001@c.us' };
  await chats.keep(chat, FULL, open.clock.now);

  expect(await chats.get(chat)).toEqual(FULL);
  expect(await chats.get({ ...chat, chatId: '15550000002@c.us' })).toBeUndefined();
  expect(await chats.get({ ...chat, instanceId: anId(2) })).toBeUndefined();
  await chats.keep(chat, { repliesAt: [] }, open.clock.now);
  expect(await chats.get(chat)).toEqual({ repliesAt: [] });
});

it('remembers a chat for the week that a setting may look back, and not for ever', async () => {
  const chat = { instanceId: anId(3), chatId: '15550000001@c.us' };
  await chats.keep(chat, FULL, open.clock.now);
  open.clock.now = new Date(open.clock.now.getTime() + 7 * DAY_MS);
  expect(await chats.get(chat)).toEqual(FULL);
  open.clock.now = new Date(open.clock.now.getTime() + 2 * DAY_MS);
  expect(await chats.get(chat)).toBeUndefined();
});

it('is written with the reply, or not at all', async () => {
  const instance = anInstance(1);
  const { instanceId } = instance;
  const chat = { instanceId, chatId: '15550000001@c.us' };
  const messages = new MessageRepository(open.table);
  const call = { instanceId, keyHash: 'bot-1', fingerprint: '', messageIds: [] };
  const at = open.clock.now;
  const first = aMessage(instance, 1, { queuedAt: at.toISOString() });
  const second = aMessage(instance, 2, { queuedAt: at.toISOString() });

  expect(await messages.accept([first], call, [chats.keepOp(chat, FULL, at)])).toBe(true);
  const emptied = chats.keepOp(chat, { repliesAt: [] }, at);
  expect(await messages.accept([second], call, [emptied])).toBe(false);
  expect(await chats.get(chat)).toEqual(FULL);
});
