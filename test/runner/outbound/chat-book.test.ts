import { expect, it } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import { ChatBook } from '#runner/outbound/chat-book.ts';
import { HeldBack } from '#runner/outbound/held-back.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { aChatBook } from '../a-chat-book.ts';
import { journalOf } from '../journal/journal-for-test.ts';

const ADA = { kind: 'phone', phone: '2348179803743' } as const;
const BEN = { kind: 'lid', lid: '98765432101' } as const;
const CLEO = { kind: 'phone', phone: '2348179803745' } as const;
const TODAY = new Date('2026-11-22T23:59:59Z');
const TOMORROW = new Date('2026-11-23T00:00:00Z');

it('knows each chat from its first message on, whoever wrote it, and after a restart', async () => {
  const { storage } = await openForTest();
  const { chats, auth } = await aChatBook(storage.authBlobs);
  expect([ADA, BEN].map((chat) => chats.isNew(chat))).toEqual([true, true]);
  chats.remember(ADA, TODAY, 'us');
  chats.remember(BEN, TODAY, 'them');
  await auth.flush();
  const restarted = await AuthState.open(journalOf(storage.authBlobs, { instanceId: 'chats' }));
  const again = new ChatBook(restarted);
  expect([ADA, BEN, CLEO].map((chat) => again.isNew(chat))).toEqual([false, false, true]);
  expect(again.newChatsOn(TODAY)).toBe(1);
});

it('counts the chats that we begin on each day, once each', async () => {
  const { storage } = await openForTest();
  const { chats } = await aChatBook(storage.authBlobs);
  for (const chat of [ADA, ADA, CLEO]) chats.remember(chat, TODAY, 'us');
  expect(chats.newChatsOn(TODAY)).toBe(2);
  expect(chats.newChatsOn(TOMORROW)).toBe(0);
  chats.remember(BEN, TOMORROW, 'us');
  expect(chats.newChatsOn(TOMORROW)).toBe(1);
});

it('holds back chats by name, and wakes at the earliest time', () => {
  const held = new HeldBack();
  expect([held.holds('a'), held.isAll, held.wakeAtMs]).toEqual([false, false, undefined]);
  held.hold('a');
  for (const atMs of [300, 100, 200]) held.wakeAt(atMs);
  expect([held.holds('a'), held.holds('b'), held.isAll, held.wakeAtMs]).toEqual([
    true,
    false,
    false,
    100,
  ]);
  held.holdAll();
  expect(held.isAll).toBe(true);
});
