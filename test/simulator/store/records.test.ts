import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPhone } from '#simulator/phones/create-phone.ts';
import type { NewMessage } from '#simulator/store/message-records.ts';
import { openStore, type Store } from '#simulator/store/store.ts';

const NUMBER = '15550006001';
const DEVICE = { number: NUMBER, device: 1 };

describe('what the simulator keeps', () => {
  let store: Store;
  beforeEach(() => {
    store = openStore(':memory:');
    createPhone({ number: NUMBER, name: 'Anna', autoRead: false }, { store, random: randomBytes });
  });
  afterEach(() => store.db.close());

  const aMessage = (fields: Partial<NewMessage>): NewMessage => ({
    number: NUMBER,
    chat: '15550006002@c.us',
    from: { number: '15550006002', device: 0 },
    id: 'ID',
    at: new Date(1_000),
    addressing: 'pn',
    view: { type: 'text', text: 'hello' },
    content: Buffer.of(1),
    copies: 1,
    state: 'received',
    ...fields,
  });

  it('gives a device back its stanzas in order, and takes them away one by one', () => {
    for (const id of ['a', 'b', 'a']) {
      store.deliveries.add(DEVICE, { tag: 'message', id }, Buffer.from(id));
    }
    const texts = () => store.deliveries.after(DEVICE, 0, 10).map(({ node }) => node.toString());
    expect(texts()).toEqual(['a', 'b', 'a']);
    const { count, last } = store.deliveries.summary(DEVICE);
    expect(count).toBe(3);
    expect(store.deliveries.removeSent(DEVICE, { tag: 'message', id: 'a' }, last - 1)).toBe(true);
    expect(texts()).toEqual(['b', 'a']);
    expect(store.deliveries.removeSent(DEVICE, { tag: 'message', id: 'a' }, last - 1)).toBe(false);
    expect(store.deliveries.removeSent(DEVICE, { tag: 'receipt', id: 'a' }, last)).toBe(false);
  });

  it('tells receipts of the same message apart by their type', () => {
    store.deliveries.add(DEVICE, { tag: 'receipt', id: 'a' }, Buffer.from('delivered'));
    store.deliveries.add(DEVICE, { tag: 'receipt', id: 'a', type: 'read' }, Buffer.from('read'));
    store.deliveries.removeSent(DEVICE, { tag: 'receipt', id: 'a', type: 'read' }, 99);
    const [left] = store.deliveries.after(DEVICE, 0, 10);
    expect(left?.node.toString()).toBe('delivered');
  });

  it('hands out each pre-key of a device once, oldest first', () => {
    store.companions.insert({
      ...DEVICE,
      noisePublic: Buffer.alloc(32),
      identityPublic: Buffer.alloc(32),
      registrationId: 1,
      signedPreKey: { id: 1, publicKey: Buffer.alloc(32), signature: Buffer.alloc(64) },
      platform: 'test',
      linkedAt: new Date(0),
      loginNo: 0,
    });
    for (const id of [7, 3]) {
      store.companions.addPreKey(NUMBER, 1, { id, publicKey: Buffer.alloc(32, id) });
    }
    expect(store.companions.takePreKey(NUMBER, 1)?.id).toBe(3);
    expect(store.companions.countPreKeys(NUMBER, 1)).toBe(1);
    expect(store.companions.takePreKey(NUMBER, 1)?.id).toBe(7);
    expect(store.companions.takePreKey(NUMBER, 1)).toBeUndefined();
    expect(store.companions.nextLogin(NUMBER, 1)).toBe(1);
    expect(store.companions.nextLogin(NUMBER, 1)).toBe(2);
  });

  it('lists messages in the order of arrival: the newest, or the first since a time', () => {
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      store.messages.insert(aMessage({ id, at: new Date(1_000 * index) }));
    }
    const ids = (filter: { sinceMs?: number; chat?: string; limit: number }) =>
      store.messages.list(NUMBER, filter).map(({ id }) => id);
    expect(ids({ limit: 2 })).toEqual(['c', 'd']);
    expect(ids({ limit: 2, sinceMs: 1_000 })).toEqual(['b', 'c']);
    expect(ids({ limit: 9, chat: 'other@c.us' })).toEqual([]);
  });

  it('moves the state of a message only forward', () => {
    store.messages.insert(aMessage({ from: { number: NUMBER, device: 0 }, state: 'sent' }));
    const find = () => {
      const [message] = store.messages.findById(NUMBER, 'ID');
      if (!message) throw new Error('The message is gone.');
      return message;
    };
    expect(store.messages.advance(find(), 'read')).toBe(true);
    expect(store.messages.advance(find(), 'delivered')).toBe(false);
    expect(find()).toMatchObject({ state: 'read', fromMe: true });
  });

  it('counts unread messages by chat', () => {
    store.messages.insert(aMessage({ id: 'a' }));
    store.messages.insert(aMessage({ id: 'b' }));
    store.messages.insert(aMessage({ id: 'c', state: 'read' }));
    expect(store.messages.unread(NUMBER)).toEqual([{ chat: '15550006002@c.us', count: 2 }]);
  });

  it('keeps the last twenty violations', () => {
    for (let index = 0; index < 25; index += 1) {
      store.counters.addViolation('duplicateIds', `number ${index}`);
    }
    const samples = store.counters.samples();
    expect(samples).toHaveLength(20);
    expect(samples.at(-1)).toBe('duplicateIds: number 24');
    expect(store.counters.read('duplicateIds')).toBe(25);
  });
});
