import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#shared/domain/message.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { OutboxRepository } from '#shared/repositories/outbox-repository.ts';
import { AN_UPLOAD } from '../../runner/records.ts';
import { allOf, anId, type OpenTable, openTable } from './open-table.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');
const LATER = new Date('2026-11-22T10:00:05.000Z');

let open: OpenTable;
let messages: MessageRepository;
let outbox: OutboxRepository;
let instanceId: string;
let message: Message;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  messages = new MessageRepository(open.table);
  outbox = new OutboxRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(async () => {
  made += 1;
  instanceId = anId(made);
  message = fresh();
  await messages.accept([message]);
});

function fresh(change: Partial<Message> = {}): Message {
  made += 1;
  return {
    accountId: anId(0),
    instanceId,
    shard: 3,
    messageId: ulid(AT.getTime() + made),
    waId: `3EB0${made.toString(16).toUpperCase().padStart(18, '0')}`,
    chatId: '2349011668758@c.us',
    content: { kind: 'text', text: 'Hello' },
    state: 'QUEUED',
    attempts: 0,
    queuedAt: AT.toISOString(),
    ...change,
  };
}

const waiting = async () =>
  (await allOf(outbox.due(instanceId, LATER))).map(({ messageId }) => messageId);
const waitingInstances = async (shard: number) => (await outbox.lookThrough(shard, LATER)).waiting;

describe('accept', () => {
  it('makes the message found by both of its ids, and lets it wait', async () => {
    const { messageId, waId } = message;
    expect(await messages.get(messageId)).toEqual(message);
    expect(await messages.getByWaId(waId, instanceId)).toEqual(message);
    expect(await messages.listByWaId(waId)).toEqual([message]);
    expect(await waiting()).toEqual([messageId]);
    expect(await waitingInstances(3)).toContainEqual({
      accountId: message.accountId,
      instanceId,
    });
    expect(await waitingInstances(4)).toEqual([]);
  });

  it('refuses an id that is taken, and lets nothing of it wait', async () => {
    await expect(messages.accept([message])).rejects.toMatchObject({ opIndex: 0 });
    const second = fresh({ waId: message.waId });
    await expect(messages.accept([second])).rejects.toMatchObject({ opIndex: 1 });

    expect(await messages.get(second.messageId)).toBeUndefined();
    expect(await waiting()).toEqual([message.messageId]);
  });

  it('takes the same WhatsApp id for another instance', async () => {
    const other = fresh({ instanceId: anId(900_000 + made), waId: message.waId });
    await messages.accept([other]);

    expect(await messages.listByWaId(message.waId)).toHaveLength(2);
    expect(await messages.getByWaId(message.waId, other.instanceId)).toEqual(other);
  });

  it('keeps the outbox in the order of the ids, over many pages', async () => {
    const more = Array.from({ length: 450 }, () => fresh());
    for (const next of more.toReversed()) await messages.accept([next]);

    expect(await waiting()).toEqual([message, ...more].map(({ messageId }) => messageId));
    const ofShard = await waitingInstances(3);
    expect(ofShard.filter((ref) => ref.instanceId === instanceId)).toHaveLength(1);
  });
});

describe('the way of a message', () => {
  it('counts its attempts while it waits, and no more when it has left', async () => {
    const { messageId } = message;
    await messages.startAttempt(messageId, AT);
    const second = await messages.startAttempt(messageId, LATER);
    expect(second).toMatchObject({ state: 'SENDING', attempts: 2 });

    await messages.finish(message, { to: 'SENT', at: LATER });
    expect(await messages.startAttempt(messageId, LATER)).toBeUndefined();
    expect((await messages.get(messageId))?.attempts).toBe(2);
    expect(await messages.startAttempt(ulid(), LATER)).toBeUndefined();
  });

  it('leaves the outbox with the step that ends the waiting', async () => {
    await messages.startAttempt(message.messageId, AT);
    expect(await waiting()).toHaveLength(1);
    const sent = await messages.finish(message, { to: 'SENT', at: LATER });

    expect(sent).toMatchObject({ state: 'SENT', sentAt: LATER.toISOString() });
    expect(await waiting()).toEqual([]);
  });

  it('only goes forward, however late and often acknowledgements come', async () => {
    await messages.finish(message, { to: 'READ', at: AT });
    for (const to of ['SENT', 'DELIVERED', 'READ', 'FAILED'] as const) {
      expect(await messages.finish(message, { to, at: LATER })).toBeUndefined();
    }

    const read = await messages.get(message.messageId);
    expect(read).toMatchObject({ state: 'READ', readAt: AT.toISOString() });
    expect(read).not.toHaveProperty('sentAt');
  });

  it('is finished once when many say so', async () => {
    const steps = Array.from({ length: 8 }, () =>
      messages.finish(message, { to: 'SENT', at: LATER }),
    );
    const changed = (await Promise.all(steps)).filter((step) => step !== undefined);

    expect(changed).toHaveLength(1);
  });

  it('keeps why it failed', async () => {
    const failure = { code: '463', message: 'Refused.' };
    await messages.finish(message, { to: 'FAILED', at: LATER, failure });

    expect(await messages.get(message.messageId)).toMatchObject({ state: 'FAILED', failure });
  });
});

describe('keepUpload', () => {
  it('keeps where the file is, once, while the message waits', async () => {
    const other = { ...AN_UPLOAD, directPath: '/other' };
    expect(await messages.keepUpload(message.messageId, AN_UPLOAD)).toMatchObject({
      upload: AN_UPLOAD,
    });
    expect(await messages.keepUpload(message.messageId, other)).toBeUndefined();
    expect((await messages.get(message.messageId))?.upload).toEqual(AN_UPLOAD);

    const sent = fresh();
    await messages.accept([sent]);
    await messages.finish(sent, { to: 'SENT', at: LATER });
    expect(await messages.keepUpload(sent.messageId, AN_UPLOAD)).toBeUndefined();
  });
});

describe('replaceContent', () => {
  const content = { kind: 'text', text: 'instead' } as const;
  const waId = '3EB0FFFFFFFFFFFFFFFFFF';

  it('puts another content under another id, and lets it wait on', async () => {
    await messages.startAttempt(message.messageId, AT);
    const replaced = await messages.replaceContent(message, { waId, content });
    expect(replaced).toMatchObject({ messageId: message.messageId, waId, content });
    expect(await messages.getByWaId(waId, instanceId)).toEqual(replaced);
    expect(await waiting()).toEqual([message.messageId]);
    expect(await messages.replaceContent(message, { waId, content })).toBeUndefined();
  });

  it('changes nothing of one that is not under way', async () => {
    expect(await messages.replaceContent(message, { waId, content })).toBeUndefined();
    await messages.finish(message, { to: 'SENT', at: LATER });
    expect(await messages.replaceContent(message, { waId, content })).toBeUndefined();
    expect((await messages.get(message.messageId))?.content).toEqual(message.content);
  });
});

describe('list', () => {
  it('gives the newest first, in pages, and nothing of another instance', async () => {
    const more = Array.from({ length: 4 }, () => fresh());
    await messages.accept(more);
    await messages.accept([fresh({ instanceId: anId(700_000 + made) })]);
    const first = await messages.list(instanceId, { limit: 3 });
    const second = await messages.list(instanceId, { limit: 3, cursor: first.cursor });
    expect(first.messages).toEqual(more.slice(1).toReversed());
    expect(second).toEqual({ messages: [more[0], message] });
    await expect(messages.list(instanceId, { limit: 3, cursor: 'tea' })).rejects.toThrow();
  });
});

describe('purge', () => {
  it('takes all of an instance away, page by page, and nothing of another', async () => {
    const more = Array.from({ length: 120 }, () => fresh());
    for (const next of more) await messages.accept([next]);
    const other = fresh({ instanceId: anId(800_000 + made) });
    await messages.accept([other]);

    expect(await messages.purge(instanceId)).toBe(true);
    expect(await messages.purge(instanceId)).toBe(false);

    expect(await messages.get(message.messageId)).toBeUndefined();
    expect(await messages.listByWaId(message.waId)).toEqual([]);
    expect(await waiting()).toEqual([]);
    expect(await messages.get(other.messageId)).toEqual(other);
  });
});
