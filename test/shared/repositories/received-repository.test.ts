import { expect, it } from 'vitest';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { AT, INSTANCE, OTHER_INSTANCE, useTable } from './instance-items.ts';

const KEPT_MS = 14 * 24 * 3_600_000;

const table = useTable();

const aReceived = (waId: string): ReceivedMessage => ({
  instanceId: INSTANCE,
  waId,
  chatId: '120363041234567890@g.us',
  fromMe: false,
  remoteJid: '120363041234567890@g.us',
  participant: '98765432101@lid',
  at: AT.toISOString(),
  wire: 'CgVoZWxsbw==',
});

it('keeps a message for its instance alone', async () => {
  const received = new ReceivedRepository(table.open().table);
  await received.keep(aReceived('A'));
  expect(await received.get(INSTANCE, 'A')).toEqual(aReceived('A'));
  expect(await received.get(OTHER_INSTANCE, 'A')).toBeUndefined();
  expect(await received.get(INSTANCE, 'B')).toBeUndefined();
});

it('keeps what it was told first when it is told again', async () => {
  const received = new ReceivedRepository(table.open().table);
  await received.keep(aReceived('C'));
  await received.keep({ ...aReceived('C'), wire: '', remoteJid: 'other@lid' });
  expect(await received.get(INSTANCE, 'C')).toEqual(aReceived('C'));
});

it('forgets it two weeks after it was sent', async () => {
  const { table: items, clock } = table.open();
  const received = new ReceivedRepository(items);
  await received.keep(aReceived('D'));
  clock.now = new Date(AT.getTime() + KEPT_MS - 1_000);
  expect(await received.get(INSTANCE, 'D')).toBeDefined();
  clock.now = new Date(AT.getTime() + KEPT_MS);
  expect(await received.get(INSTANCE, 'D')).toBeUndefined();
});
