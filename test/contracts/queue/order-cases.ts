import { expect, it } from 'vitest';
import type { Queue } from '#shared/storage/queue.ts';
import type { OpenQueue } from '../queue.contract.ts';
import {
  aMessage,
  bodiesNow,
  drain,
  FIFO,
  receiveOne,
  receiveSome,
  sendAll,
  withQueue,
} from './aids.ts';

const WORKERS_PER_HANDLE = 2;
const GROUPS = 4;
const PER_GROUP = 10;

export function orderCases(open: OpenQueue): void {
  it(
    'keeps the order of a group',
    withQueue(open, FIFO, async ({ queue }) => {
      const bodies = Array.from({ length: 15 }, (_, index) => `message ${index}`);
      await sendAll(queue, ...bodies.map((body) => aMessage('a', body)));
      const received = await drain(queue, bodies.length);
      expect(received.map((message) => message.body)).toEqual(bodies);
    }),
  );

  it(
    'hides the rest of a group while a message is in flight, and lets other groups go on',
    withQueue(open, FIFO, async ({ queue, other }) => {
      await sendAll(queue, aMessage('a', 'a1'), aMessage('a', 'a2'));
      const first = await receiveOne(queue);
      expect(first.body).toBe('a1');

      await queue.send(aMessage('b', 'b1'));
      const next = await receiveOne(other);
      expect(next.body).toBe('b1');
      expect(await bodiesNow(other)).toEqual([]);

      await first.ack();
      expect((await receiveOne(other)).body).toBe('a2');
    }),
  );

  it(
    'gives a released message again before the rest of its group',
    withQueue(open, FIFO, async ({ queue }) => {
      await sendAll(queue, aMessage('a', 'a1'), aMessage('a', 'a2'), aMessage('a', 'a3'));
      const first = await receiveOne(queue);
      await first.release();
      const received = await drain(queue, 3);
      expect(received.map((message) => message.body)).toEqual(['a1', 'a2', 'a3']);
      expect(received.map((message) => message.receiveCount)).toEqual([2, 1, 1]);
    }),
  );

  it(
    'gives a message whose holder was silent again before the rest of its group',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue, other }) => {
      await sendAll(queue, aMessage('a', 'a1'), aMessage('a', 'a2'));
      expect((await receiveOne(queue)).body).toBe('a1');
      const again = await receiveOne(other);
      expect(again).toMatchObject({ body: 'a1', receiveCount: 2 });
      await again.ack();
      expect((await receiveOne(other)).body).toBe('a2');
    }),
  );

  it(
    'gives what a silent holder has not acked again, in the order of the group',
    withQueue(open, { ...FIFO, visibilityMs: 2_000 }, async ({ queue, other }) => {
      const bodies = ['a1', 'a2', 'a3', 'a4', 'a5'];
      await sendAll(queue, ...bodies.map((body) => aMessage('a', body)));
      const [first] = await receiveSome(queue);
      expect(first?.body).toBe('a1');
      await first?.ack();
      const received = await drain(other, 4);
      expect(received.map((message) => message.body)).toEqual(['a2', 'a3', 'a4', 'a5']);
    }),
  );

  it(
    'gives every message to one of many receivers, each group in order',
    withQueue(open, FIFO, async ({ queue, other }) => {
      for (let index = 0; index < PER_GROUP; index += 1) {
        for (let group = 0; group < GROUPS; group += 1) {
          await queue.send(aMessage(`group-${group}`, `${index}`));
        }
      }
      const seen = new Map<string, string[]>();
      const handles = Array.from({ length: WORKERS_PER_HANDLE }, () => [queue, other]).flat();
      await Promise.all(handles.map((handle) => work(handle, seen)));
      const expected = Array.from({ length: PER_GROUP }, (_, index) => `${index}`);
      expect([...seen.keys()].toSorted()).toEqual(['group-0', 'group-1', 'group-2', 'group-3']);
      for (const bodies of seen.values()) expect(bodies).toEqual(expected);
    }),
  );

  it(
    'takes the messages of a receive in the order of their group',
    withQueue(open, FIFO, async ({ queue }) => {
      await sendAll(queue, aMessage('a', 'a1'), aMessage('a', 'a2'), aMessage('a', 'a3'));
      const bodies = (await receiveSome(queue)).map((message) => message.body);
      expect(['a1', 'a2', 'a3'].slice(0, bodies.length)).toEqual(bodies);
    }),
  );
}

/** Notes what it receives until everything was seen. */
async function work(queue: Queue, seen: Map<string, string[]>): Promise<void> {
  const count = () => [...seen.values()].reduce((sum, bodies) => sum + bodies.length, 0);
  while (count() < GROUPS * PER_GROUP) {
    for (const message of await queue.receive({ max: 3, waitMs: 1_000 })) {
      seen.set(message.group, [...(seen.get(message.group) ?? []), message.body]);
      await message.ack();
    }
  }
}
