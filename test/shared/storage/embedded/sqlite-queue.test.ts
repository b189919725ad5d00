import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import type { SqliteQueue } from '#shared/storage/embedded/sqlite-queue.ts';
import type { QueueSettings } from '#shared/storage/queue.ts';
import { openForTest } from './open-for-test.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SETTINGS: QueueSettings = {
  name: 'orders',
  kind: 'fifo',
  visibilityMs: 30_000,
  receivesMax: 2,
};
const MINUTE_MS = 60_000;

describe('SqliteQueue', () => {
  it('forgets a deduplication id after five minutes', async () => {
    const { clock, storage } = await openForTest();
    const queue = storage.openQueue(SETTINGS);
    const send = () => queue.send({ group: 'a', dedupId: 'same', body: 'x' });
    await send();
    clock.move(5 * MINUTE_MS - 1);
    await send();
    expect(await bodies(queue)).toEqual(['x']);
    clock.move(1);
    await send();
    clock.move(MINUTE_MS);
    expect(await bodies(queue)).toEqual(['x', 'x']);
  });

  it('does not let a late holder take the message from its next one', async () => {
    const { clock, storage } = await openForTest();
    const queue = storage.openQueue(SETTINGS);
    await queue.send({ group: 'a', dedupId: '1', body: 'x' });
    const [late] = await queue.receive({ max: 1, waitMs: 0 });
    clock.move(SETTINGS.visibilityMs);
    const [holder] = await queue.receive({ max: 1, waitMs: 0 });
    await late?.ack();
    await late?.release();
    expect(await bodies(queue)).toEqual([]);
    await holder?.release();
    clock.move(1);
    await queue.receive({ max: 1, waitMs: 0 });
    expect(await queue.listDeadLetters()).toHaveLength(1);
  });

  it('lists dead letters page by page, and sends them again at the end of their group', async () => {
    const { clock, storage } = await openForTest();
    const queue = storage.openQueue(SETTINGS);
    for (const body of ['a1', 'a2', 'a3']) await queue.send({ group: 'a', dedupId: body, body });
    for (let round = 0; round < 3; round += 1) {
      await queue.receive({ max: 10, waitMs: 0 });
      clock.move(SETTINGS.visibilityMs);
    }
    const letters = await queue.listDeadLetters({ limit: 2 });
    expect(letters).toMatchObject([
      { group: 'a', body: 'a1', receiveCount: 2 },
      { group: 'a', body: 'a2', receiveCount: 2 },
    ]);
    const [first, second] = letters;
    const rest = await queue.listDeadLetters({ afterId: second?.id ?? 0 });
    expect(rest.map(({ body }) => body)).toEqual(['a3']);

    await queue.send({ group: 'a', dedupId: 'a4', body: 'a4' });
    expect(await queue.redrive([first?.id ?? 0, second?.id ?? 0, 999])).toBe(2);
    expect(await queue.redrive([first?.id ?? 0])).toBe(0);
    const received = await queue.receive({ max: 10, waitMs: 0 });
    expect(received.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
      ['a4', 1],
      ['a1', 1],
      ['a2', 1],
    ]);
    expect((await queue.listDeadLetters()).map(({ body }) => body)).toEqual(['a3']);
  });

  it('keeps queues of one file apart', async () => {
    const { storage } = await openForTest();
    const orders = storage.openQueue(SETTINGS);
    const others = storage.openQueue({ ...SETTINGS, name: 'others' });
    await orders.send({ group: 'a', dedupId: '1', body: 'order' });
    await others.send({ group: 'a', dedupId: '1', body: 'other' });
    expect(await bodies(orders)).toEqual(['order']);
    expect(await bodies(others)).toEqual(['other']);
  });

  it('serves the group that waits longest first', async () => {
    const { clock, storage } = await openForTest();
    const queue = storage.openQueue(SETTINGS);
    const order: string[] = [];
    for (const body of ['busy1', 'busy2', 'busy3', 'quiet1']) {
      await queue.send({ group: body.slice(0, -1), dedupId: body, body });
      clock.move(1);
    }
    for (let n = 0; n < 4; n += 1) {
      for (const message of await queue.receive({ max: 1, waitMs: 0 })) {
        order.push(message.body);
        await message.ack();
      }
      clock.move(1);
    }
    expect(order).toEqual(['busy1', 'quiet1', 'busy2', 'busy3']);
  });

  it('wakes a receiver of another connection within some tens of milliseconds', async () => {
    const dataDir = await temporaryFolder();
    const [first, second] = [
      await openEmbeddedStorage({ dataDir }),
      await openEmbeddedStorage({ dataDir }),
    ];
    onTestFinished(async () => void (await Promise.all([first.close(), second.close()])));
    const queue = first.openQueue(SETTINGS);
    const sender = second.openQueue(SETTINGS);
    const delaysMs: number[] = [];
    for (let n = 0; n < 15; n += 1) {
      const receiving = queue.receive({ max: 1, waitMs: 10_000 });
      await sender.receive({ max: 1, waitMs: 5 });
      await sender.send({ group: 'a', dedupId: String(n), body: 'x' });
      const sentMs = performance.now();
      const [message] = await receiving;
      delaysMs.push(performance.now() - sentMs);
      await message?.ack();
    }
    const median = delaysMs.toSorted((a, b) => a - b)[7] ?? Number.POSITIVE_INFINITY;
    expect(median).toBeLessThan(50);
  });

  it('ends every wait when it is closed, and takes no new one', async () => {
    const { storage } = await openForTest();
    const queue = storage.openQueue(SETTINGS);
    const waits = [1, 2, 3].map((max) => queue.receive({ max, waitMs: 20_000 }));
    await queue.close();
    expect(await Promise.all(waits)).toEqual([[], [], []]);
    await expect(queue.receive({ max: 1, waitMs: 0 })).rejects.toThrow('closed');
  });
});

async function bodies(queue: SqliteQueue): Promise<readonly string[]> {
  const received = await queue.receive({ max: 10, waitMs: 0 });
  return received.map((message) => message.body);
}
