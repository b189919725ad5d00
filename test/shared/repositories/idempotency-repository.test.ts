import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  IdempotencyRepository,
  type IdempotentCall,
} from '#shared/repositories/idempotency-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { aMessage, anInstance } from '../../runner/records.ts';
import { allOf, type OpenTable, openTable } from './open-table.ts';

const AT = new Date('2026-11-22T12:00:00.000Z');
const DAY_MS = 24 * 3_600_000;

let open: OpenTable;
let messages: MessageRepository;
let calls: IdempotencyRepository;
let instance = anInstance(1);
let made = 0;
const next = () => {
  made += 1;
  return made;
};
beforeAll(async () => {
  open = await openTable();
  messages = new MessageRepository(open.table);
  calls = new IdempotencyRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  instance = anInstance(next());
  open.clock.now = AT;
});

/** A call with so many messages, and the key. */
function aCall(howMany: number, keyHash = 'key', at = AT) {
  const batch = Array.from({ length: howMany }, () =>
    aMessage(instance, next(), { queuedAt: at.toISOString() }),
  );
  const messageIds = batch.map(({ messageId }) => messageId);
  const { instanceId } = instance;
  const call: IdempotentCall = { instanceId, keyHash, fingerprint: `of ${made}`, messageIds };
  return { batch, call, messageIds };
}

const waiting = async () =>
  (await allOf(new OutboxRepository(open.table).all(instance.instanceId))).map(
    ({ messageId }) => messageId,
  );

describe('accept, of several messages', () => {
  it('takes them all, in order, and remembers the call', async () => {
    const { batch, call, messageIds } = aCall(10);
    expect(await messages.accept(batch, call)).toBe(true);
    expect(await waiting()).toEqual(messageIds);
    expect(await calls.get(call)).toEqual(call);
  });

  it('takes none when one of them cannot be taken', async () => {
    const { batch } = aCall(3);
    const [first, , last] = batch;
    if (first === undefined || last === undefined) throw new Error('There are none.');
    const twice = [...batch.slice(0, 2), { ...last, waId: first.waId }];
    await expect(messages.accept(twice)).rejects.toThrow();
    expect(await waiting()).toEqual([]);
  });

  it('refuses to take none at all', async () => {
    await expect(messages.accept([])).rejects.toThrow(RangeError);
  });
});

describe('accept, of a call whose key is taken', () => {
  it('says so, and writes nothing', async () => {
    const { batch, call, messageIds } = aCall(2);
    const again = aCall(2);
    await messages.accept(batch, call);
    expect(await messages.accept(again.batch, again.call)).toBe(false);
    expect(await waiting()).toEqual(messageIds);
    expect(await calls.get(call)).toEqual(call);
  });

  it('takes exactly one of fifty that come at once', async () => {
    const all = Array.from({ length: 50 }, () => aCall(2));
    const taken = await Promise.all(all.map(({ batch, call }) => messages.accept(batch, call)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await waiting()).toEqual(all[taken.indexOf(true)]?.messageIds);
  });

  it('minds neither other keys nor other instances', async () => {
    const first = aCall(1);
    const otherKey = aCall(1, 'other');
    await messages.accept(first.batch, first.call);
    expect(await messages.accept(otherKey.batch, otherKey.call)).toBe(true);
    instance = anInstance(next());
    const elsewhere = aCall(1);
    expect(await messages.accept(elsewhere.batch, elsewhere.call)).toBe(true);
  });

  it('throws when a message cannot be taken although the key is free', async () => {
    const first = aCall(1);
    await messages.accept(first.batch);
    await expect(messages.accept(first.batch, first.call)).rejects.toThrow();
    expect(await calls.get(first.call)).toBeUndefined();
  });

  it('takes the key again after a day, swept away or not', async () => {
    const first = aCall(1);
    await messages.accept(first.batch, first.call);
    const lastAt = new Date(AT.getTime() + DAY_MS - 1_000);
    open.clock.now = lastAt;
    const tooEarly = aCall(1, 'key', lastAt);
    expect(await messages.accept(tooEarly.batch, tooEarly.call)).toBe(false);

    const nextAt = new Date(AT.getTime() + DAY_MS);
    open.clock.now = nextAt;
    const later = aCall(1, 'key', nextAt);
    expect(await calls.get(first.call)).toBeUndefined();
    expect(await messages.accept(later.batch, later.call)).toBe(true);
    expect(await calls.get(first.call)).toEqual(later.call);
  });
});
