import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#shared/domain/message.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { aMessage, anInstance, aPicture } from '../../runner/records.ts';
import { allOf, type OpenTable, openTable } from './open-table.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const MINUTE_MS = 60_000;

let open: OpenTable;
let messages: MessageRepository;
let outbox: OutboxRepository;
let instance = anInstance(1);
let made = 1;
beforeAll(async () => {
  open = await openTable();
  messages = new MessageRepository(open.table);
  outbox = new OutboxRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  instance = anInstance(made, { shard: made });
});

const at = (ms: number) => new Date(NOW.getTime() + ms);
const idsOf = (entries: readonly { messageId: string }[]) =>
  entries.map(({ messageId }) => messageId);
const dueAt = async (now: Date) => idsOf(await allOf(outbox.due(instance.instanceId, now)));

async function accept(n: number, changes: Partial<Message> = {}): Promise<Message> {
  const message = aMessage(instance, n, { messageId: ulid(NOW.getTime() + n), ...changes });
  await messages.accept([message]);
  return message;
}

describe('due', () => {
  it('gives what is due by now and a minute on, in the order in which it is due', async () => {
    const inFive = await accept(1, { sendAt: at(5 * MINUTE_MS).toISOString() });
    const inOne = await accept(2, { sendAt: at(MINUTE_MS).toISOString() });
    const now = await accept(3);
    const past = await accept(4, { sendAt: at(-MINUTE_MS).toISOString() });

    expect(await dueAt(NOW)).toEqual(idsOf([past, now, inOne]));
    expect(await dueAt(at(4 * MINUTE_MS))).toEqual(idsOf([past, now, inOne, inFive]));
    expect(idsOf(await allOf(outbox.all(instance.instanceId)))).toHaveLength(4);
  });

  it('tells what must be known to decide what becomes of a message', async () => {
    const sendAt = at(0).toISOString();
    const validUntil = at(MINUTE_MS).toISOString();
    const { messageId, chatId } = await accept(1, { content: aPicture(), sendAt, validUntil });
    const { accountId, instanceId } = instance;
    expect(await allOf(outbox.due(instanceId, NOW))).toEqual([
      { accountId, instanceId, messageId, chatId, hasMedia: true, sendAt, validUntil },
    ]);
  });

  it('has a message for later no more when that has ended, and the others still', async () => {
    const sendAt = at(5 * MINUTE_MS).toISOString();
    const [first, second] = [await accept(1, { sendAt }), await accept(2, { sendAt })];
    const now = await accept(3);
    await messages.finish(first, { to: 'CANCELED', at: NOW });
    expect(idsOf(await allOf(outbox.all(instance.instanceId)))).toEqual(idsOf([now, second]));
  });

  it('has nothing for later left of an instance that is purged', async () => {
    await accept(1, { sendAt: at(5 * MINUTE_MS).toISOString() });
    await messages.purge(instance.instanceId);
    expect(await allOf(outbox.all(instance.instanceId))).toEqual([]);
  });
});

describe('lookThrough', () => {
  it('names each instance that has something due once, and nobody for what is due later', async () => {
    const { accountId, instanceId, shard } = instance;
    await accept(1, { sendAt: at(5 * MINUTE_MS).toISOString() });
    expect(await outbox.lookThrough(shard, NOW)).toEqual({ waiting: [], outdated: [] });
    await accept(2);
    await accept(3);
    expect(await outbox.lookThrough(shard, NOW)).toEqual({
      waiting: [{ accountId, instanceId }],
      outdated: [],
    });
    expect(await outbox.lookThrough(9_999, NOW)).toEqual({ waiting: [], outdated: [] });
  });

  it('tells every message whose time has run out, and of those for later too', async () => {
    const validUntil = at(MINUTE_MS).toISOString();
    const late = await accept(1, { validUntil });
    const sendAt = at(2 * MINUTE_MS).toISOString();
    const never = await accept(2, { sendAt, validUntil });
    const { outdated, waiting } = await outbox.lookThrough(instance.shard, at(MINUTE_MS));
    expect(idsOf(outdated)).toEqual(idsOf([late, never]));
    // One of them may be in doubt, which its session settles.
    expect(waiting).toHaveLength(1);
    const before = await outbox.lookThrough(instance.shard, at(MINUTE_MS - 1));
    expect(before.outdated).toEqual([]);
  });
});
