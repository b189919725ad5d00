import { expect, it } from 'vitest';
import { AuthSource } from '#runner/journal/auth-source.ts';
import { eraseUnread } from '#runner/journal/erase-unread.ts';
import { JournalCorrupt } from '#runner/journal/journal-corrupt.ts';
import { JournalKeys } from '#runner/journal/journal-keys.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalOf } from './journal-for-test.ts';

async function aSource() {
  const { storage } = await openForTest();
  const blobs = storage.authBlobs;
  let made = 0;
  const source = new AuthSource({
    makeLog: () => {
      made += 1;
      return journalOf(blobs);
    },
    eraseUnread: () => eraseUnread('one', blobs),
  });
  return { blobs, source, made: () => made, all: () => Array.fromAsync(blobs.list('')) };
}

it('opens the log once, whoever asks at the same time', async () => {
  const { source, made } = await aSource();
  const [one, other] = await Promise.all([source.open(), source.open()]);
  expect(one).toBe(other);
  expect(await source.open()).toBe(one);
  expect(made()).toBe(1);
});

it('opens it anew when the state was closed, with what it had', async () => {
  const { source, made } = await aSource();
  (await source.open()).stage({ a: { b: 1 } });
  await source.close();
  await source.close();
  expect((await source.open()).all('a')).toEqual({ b: 1 });
  expect(made()).toBe(2);
});

it('closes and erases what was never opened', async () => {
  const { source, made, all } = await aSource();
  await source.close();
  expect(made()).toBe(0);
  await source.erase();
  expect(await all()).toEqual([]);
});

it('erases what cannot be read', async () => {
  const { blobs, source, all } = await aSource();
  await source.open();
  await source.close();
  await blobs.put('auth/one/log/000000000001', Buffer.from('{}'));
  await blobs.put(new JournalKeys('one').numbered('j', 2), Buffer.from('spoilt'));
  await expect(source.open()).rejects.toThrow(JournalCorrupt);
  await source.erase();
  expect(await all()).toEqual([]);
  expect((await source.open()).all('a')).toEqual({});
});
