import { describe, expect, it } from 'vitest';
import { UrlUnavailable } from '#runner/media/media-failed.ts';
import type { PrepareOutcome } from '#runner/media/prepare-media.ts';
import { until } from '../../until.ts';
import { AN_UPLOAD, aPicture } from '../records.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { outboxAtWork } from './outbox-at-work.ts';

const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000];
const READY: PrepareOutcome = { kind: 'ready', upload: AN_UPLOAD };

/** A preparer whose work is the test's, and pictures that wait for it. */
async function preparerAtWork(onPrepare: (tries: number) => Promise<PrepareOutcome>) {
  const asked: string[] = [];
  const work = await outboxAtWork({
    prepareMedia: async ({ messageId }) => {
      asked.push(messageId);
      return await onPrepare(asked.length);
    },
  });
  const socket = new ScriptedSocket();
  const stop = new AbortController();
  let calls = 0;
  return {
    ...work,
    asked,
    socket,
    stop,
    calls: () => calls,
    start: (messageId: string) =>
      work.media.start(messageId, socket, () => (calls += 1), stop.signal),
    picture: () => work.acceptOne({ content: aPicture() }),
  };
}

/** Lets it wait before each of its tries. */
async function untilGivenUp(work: Awaited<ReturnType<typeof preparerAtWork>>): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    await until('it waits', () => work.sleep.asleep.includes(delayMs));
    work.sleep.wake();
  }
  await until('it is done', () => work.calls() === 1);
}

describe('MediaPreparer', () => {
  it('keeps what WhatsApp has in the record of the message, and tells that it is ready', async () => {
    const work = await preparerAtWork(async () => ({ ...READY, fileName: 'sea.png' }));
    const { messageId } = await work.picture();
    expect(work.media.isReady(messageId)).toBe(false);
    work.start(messageId);
    await until('it is done', () => work.calls() === 1);
    expect(work.media.isReady(messageId)).toBe(true);
    const { upload } = (await work.messages.get(messageId)) ?? {};
    expect(upload).toEqual({ ...AN_UPLOAD, fileName: 'sea.png' });
    work.media.forget(messageId);
    expect(work.media.isReady(messageId)).toBe(false);
  });

  it('does not do again what an earlier runner has done', async () => {
    const work = await preparerAtWork(async () => READY);
    const { messageId } = await work.picture();
    await work.messages.keepUpload(messageId, AN_UPLOAD);
    work.start(messageId);
    await until('it is done', () => work.calls() === 1);
    expect(work.media.isReady(messageId)).toBe(true);
    expect(work.asked).toEqual([]);
  });

  it('has two files under way and no more, and each once', async () => {
    const gate = Promise.withResolvers<PrepareOutcome>();
    const work = await preparerAtWork(() => gate.promise);
    const ids = [];
    for (let n = 0; n < 4; n += 1) ids.push((await work.picture()).messageId);
    for (const id of [...ids, ...ids]) work.start(id);
    await until('two are under way', () => work.asked.length === 2);
    gate.resolve(READY);
    await until('both are done', () => work.calls() === 2);
    expect(work.asked).toEqual(ids.slice(0, 2));
    expect(work.calls()).toBe(2);
  });

  it('tries again after a fault that may pass, with more patience each time', async () => {
    const work = await preparerAtWork(async (tries) => {
      if (tries < 4) throw new Error('the line is bad');
      return READY;
    });
    const { messageId } = await work.picture();
    work.start(messageId);
    for (const delayMs of RETRY_DELAYS_MS.slice(0, 3)) {
      await until('it waits', () => work.sleep.asleep.includes(delayMs));
      expect(work.calls()).toBe(0);
      work.sleep.wake();
    }
    await until('it is done', () => work.calls() === 1);
    expect(work.media.isReady(messageId)).toBe(true);
    expect(work.failed).toEqual([]);
  });

  it('gives the message up after five tries', async () => {
    const work = await preparerAtWork(async () => {
      throw new Error('the line is bad');
    });
    const { messageId } = await work.picture();
    work.start(messageId);
    await untilGivenUp(work);
    expect(work.asked).toHaveLength(5);
    expect(work.failed).toMatchObject([{ state: 'FAILED', failure: { code: 'media_failed' } }]);
    expect(work.media.isReady(messageId)).toBe(false);
  });

  it('says that the URL was away, when it was', async () => {
    const work = await preparerAtWork(async () => {
      throw new UrlUnavailable('The URL is away.');
    });
    const { messageId } = await work.picture();
    work.start(messageId);
    await untilGivenUp(work);
    const failure = { code: 'media_url_failed', message: 'The URL could not be reached.' };
    expect(work.failed).toMatchObject([{ state: 'FAILED', failure }]);
  });

  it.each(['the socket is gone', 'it is detached'])(
    'leaves a message as it is when %s meanwhile',
    async (what) => {
      const work = await preparerAtWork(async () => {
        if (what === 'the socket is gone') work.socket.end('connection_lost');
        else work.stop.abort();
        throw new Error('Connection Closed');
      });
      const message = await work.picture();
      work.start(message.messageId);
      await until('it is done', () => work.calls() === 1);
      expect(await work.stateOf(message)).toBe('QUEUED');
      expect(work.sleep.asked).toEqual([]);
      expect(work.failed).toEqual([]);
    },
  );

  it('has nothing to do for a message that has ended meanwhile, or has no file', async () => {
    const work = await preparerAtWork(async () => READY);
    const text = await work.acceptOne();
    work.start(text.messageId);
    work.start('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    await until('both are done', () => work.calls() === 2);
    expect(work.asked).toEqual([]);
    expect(work.media.isReady(text.messageId)).toBe(false);
  });
});
