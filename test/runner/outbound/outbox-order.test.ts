import { describe, expect, it } from 'vitest';
import type { PrepareOutcome } from '#runner/media/prepare-media.ts';
import { SendRefused } from '#runner/session/outgoing-message.ts';
import { until } from '../../until.ts';
import { AN_UPLOAD, aPicture, OTHER_CHAT } from '../records.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { outboxAtWork } from './outbox-at-work.ts';

const READY: PrepareOutcome = { kind: 'ready', upload: AN_UPLOAD };

/** An outbox whose files are ready when the test says so, by message. */
async function withFiles() {
  const asked: string[] = [];
  const ready = new Map<string, PromiseWithResolvers<PrepareOutcome>>();
  const fileOf = (messageId: string) => {
    const file = ready.get(messageId) ?? Promise.withResolvers<PrepareOutcome>();
    ready.set(messageId, file);
    return file;
  };
  const work = await outboxAtWork({
    prepareMedia: async ({ messageId }) => {
      asked.push(messageId);
      return await fileOf(messageId).promise;
    },
  });
  return { ...work, asked, fileOf };
}

describe('OutboxWorker, with a file on its way', () => {
  it('holds up the chat of the file, and no other', async () => {
    const work = await withFiles();
    const picture = await work.acceptOne({ content: aPicture() });
    const after = await work.acceptOne();
    const elsewhere = await work.acceptOne({ chatId: OTHER_CHAT });
    const socket = new ScriptedSocket();
    work.attach(socket);
    await until('the other chat is served', () => socket.sent.length === 1);
    expect(socket.sentIds).toEqual([elsewhere.waId]);
    expect(await work.stateOf(picture)).toBe('QUEUED');
    work.fileOf(picture.messageId).resolve(READY);
    await until('all is sent', () => socket.sent.length === 3);
    expect(socket.sentIds).toEqual([elsewhere.waId, picture.waId, after.waId]);
    expect(socket.sent[1]).toMatchObject({ content: picture.content, upload: AN_UPLOAD });
  });

  it('prepares a file once, however often the message is sent', async () => {
    const work = await withFiles();
    const picture = await work.acceptOne({ content: aPicture() });
    work.fileOf(picture.messageId).resolve(READY);
    const [lost, next] = [new ScriptedSocket(), new ScriptedSocket()];
    work.attach(lost);
    await until('it is sent', () => lost.sent.length === 1);
    work.worker.detach();
    work.attach(next);
    await until('it is sent again', () => next.sent.length === 1);
    expect(next.sent[0]).toEqual(lost.sent[0]);
    expect(work.asked).toEqual([picture.messageId]);
  });

  it('gives up the message of a file that is not good, and the chat goes on', async () => {
    const work = await withFiles();
    const picture = await work.acceptOne({ content: aPicture() });
    const after = await work.acceptOne();
    const outcome = { kind: 'failed', code: 'media_too_large', message: 'Too large.' } as const;
    work.fileOf(picture.messageId).resolve(outcome);
    const socket = new ScriptedSocket();
    work.attach(socket);
    await until('the next is sent', () => socket.sent.length === 1);
    expect(socket.sentIds).toEqual([after.waId]);
    expect(work.failed).toMatchObject([
      { state: 'FAILED', failure: { code: 'media_too_large', message: 'Too large.' } },
    ]);
    expect(work.metrics.figures).toEqual([['MessagesEnded', 1, 'FAILED']]);
  });
});

describe('OutboxWorker, with a message that does not go', () => {
  it('keeps the order within its chat while it is tried again, and other chats go on', async () => {
    const work = await outboxAtWork();
    const [bad, after] = await work.accept(2);
    const elsewhere = await work.acceptOne({ chatId: OTHER_CHAT });
    const socket = new ScriptedSocket();
    let fails = 2;
    socket.onSend = async ({ waId }) => {
      if (waId !== bad?.waId || fails === 0) return;
      fails -= 1;
      throw new Error('not now');
    };
    work.attach(socket);
    await work.afterPause(1_000, () => expect(socket.sentIds).toEqual([bad?.waId, elsewhere.waId]));
    await work.afterPause(4_000, () => expect(socket.sentIds.at(-1)).toBe(bad?.waId));
    await until('all are sent', () => socket.sent.length === 5);
    expect(socket.sentIds).toEqual([bad?.waId, elsewhere.waId, bad?.waId, bad?.waId, after?.waId]);
    expect(work.failed).toEqual([]);
  });

  it('gives it up at once when it is refused for good, with the code, and its chat goes on', async () => {
    const work = await outboxAtWork();
    const [refused, after] = await work.accept(2);
    const socket = new ScriptedSocket();
    socket.onSend = async ({ waId }) => {
      if (waId === refused?.waId) throw new SendRefused('not_on_whatsapp', 'Not there.');
    };
    work.attach(socket);
    await until('the next is sent', () => socket.sent.length === 2);
    await work.worker.idle();
    expect(socket.sentIds).toEqual([refused?.waId, after?.waId]);
    expect(work.failed).toMatchObject([
      { state: 'FAILED', failure: { code: 'not_on_whatsapp', message: 'Not there.' } },
    ]);
    expect(work.worker.find(refused?.waId ?? '')).toBeUndefined();
    expect(await work.waiting()).toEqual([after?.messageId]);
  });

  it('makes no attempt of the others when the socket is gone', async () => {
    const work = await outboxAtWork();
    await work.accept(1);
    const elsewhere = await work.acceptOne({ chatId: OTHER_CHAT });
    const socket = new ScriptedSocket();
    socket.onSend = async () => {
      socket.end('connection_lost');
      throw new Error('Connection Closed');
    };
    work.attach(socket);
    await work.worker.idle();
    expect(await work.messages.get(elsewhere.messageId)).toMatchObject({
      state: 'QUEUED',
      attempts: 0,
    });
  });

  it('does not turn in circles over a file while the socket is closing', async () => {
    const asked: string[] = [];
    const socket = new ScriptedSocket();
    const work = await outboxAtWork({
      prepareMedia: async ({ messageId }) => {
        asked.push(messageId);
        socket.isOpen = false;
        throw new Error('The socket is not open.');
      },
    });
    const picture = await work.acceptOne({ content: aPicture() });
    work.attach(socket);
    await until('it was tried', () => asked.length > 0);
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await work.worker.idle();
    }
    expect(asked).toEqual([picture.messageId]);
    expect(work.failed).toEqual([]);
  });
});
