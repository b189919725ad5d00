import { expect, it } from 'vitest';
import { findKeptMessage } from '#runner/session/find-kept-message.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { aMessage, anInstance } from '../records.ts';

const instance = anInstance(1);
const { instanceId } = instance;

it('finds what the instance has sent, what it got, and what its phone has sent', async () => {
  const { storage } = await openForTest();
  const messages = new MessageRepository(storage.table);
  const received = new ReceivedRepository(storage.table);
  const own = aMessage(instance, 1);
  const { waId, chatId, content, queuedAt } = own;
  await messages.accept([own]);
  const record = { instanceId, chatId, remoteJid: 'a@lid', at: queuedAt, wire: 'CgVoZWxsbw==' };
  const theirs = { ...record, waId: 'THEIRS', fromMe: false };
  const fromPhone = { ...record, waId: 'PHONE', fromMe: true };
  for (const message of [theirs, fromPhone]) await received.keep(message);

  const find = (id: string, fromMe: boolean, of = instanceId) =>
    findKeptMessage(of, { waId: id, chatId, fromMe }, { messages, received });
  expect(await find(waId, true)).toEqual({
    kind: 'own',
    message: {
      waId,
      to: { kind: 'phone', phone: '2348179803743' },
      content,
      upload: undefined,
      at: new Date(queuedAt),
    },
  });
  expect(await find('THEIRS', false)).toEqual({ kind: 'received', message: theirs });
  expect(await find('PHONE', true)).toEqual({ kind: 'received', message: fromPhone });
  expect(await find('NOBODY', false)).toBeUndefined();
  expect(await find('NOBODY', true)).toBeUndefined();
  expect(await find(waId, true, anInstance(2).instanceId)).toBeUndefined();
});
