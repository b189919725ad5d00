import { expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '#shared/storage/queue.ts';
import type { OpenQueue } from '../queue.contract.ts';
import {
  aMessage,
  bodiesNow,
  drain,
  FIFO,
  receiveOne,
  STANDARD,
  sendAll,
  withQueue,
} from './aids.ts';

export function deliveryCases(open: OpenQueue): void {
  it(
    'delivers the body and the group as they were sent',
    withQueue(open, FIFO, async ({ queue, other }) => {
      const body = '{"text":"naïve 漢字 😀\\n"}';
      await queue.send(aMessage('group#1', body));
      const message = await receiveOne(other);
      expect(message).toMatchObject({ group: 'group#1', body, receiveCount: 1 });
      expect(message.id).not.toBe('');
    }),
  );

  it(
    'delivers no message again that was acked',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue }) => {
      await queue.send(aMessage('a', 'a1'));
      await (await receiveOne(queue)).ack();
      expect(await queue.receive({ max: 10, waitMs: 2_000 })).toEqual([]);
    }),
  );

  it(
    'drops a second message with the same id, also when the first was acked',
    withQueue(open, FIFO, async ({ queue, other }) => {
      const message = aMessage('a', 'first');
      await sendAll(queue, message, { ...message, body: 'repeated' });
      await sendAll(other, { ...message, body: 'repeated elsewhere' });
      const [received] = await drain(queue, 1);
      expect(received?.body).toBe('first');
      await queue.send({ ...message, body: 'repeated later' });
      await queue.send(aMessage('a', 'another id'));
      expect(await bodiesNow(queue)).toEqual(['another id']);
    }),
  );

  it(
    'keeps an extended message hidden',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue, other }) => {
      await sendAll(queue, aMessage('a', 'a1'), aMessage('a', 'a2'));
      const message = await receiveOne(queue);
      await message.extend(20_000);
      expect(await other.receive({ max: 10, waitMs: 3_000 })).toEqual([]);
      await message.ack();
      expect((await receiveOne(other)).body).toBe('a2');
    }),
  );

  it(
    'delivers a message released with a delay again after it, and no sooner',
    withQueue(open, FIFO, async ({ queue, other }) => {
      await queue.send(aMessage('a', 'a1'));
      const message = await receiveOne(queue);
      const releasedMs = performance.now();
      await message.release(3_000);
      expect(await bodiesNow(other)).toEqual([]);
      const again = await receiveOne(other);
      expect(again).toMatchObject({ body: 'a1', receiveCount: 2 });
      expect(performance.now() - releasedMs).toBeGreaterThan(2_500);
    }),
  );

  it(
    'takes no harm from a holder that is too late',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue, other }) => {
      await queue.send(aMessage('a', 'a1'));
      const late = await receiveOne(queue);
      const holder = await receiveOne(other);
      await holder.extend(20_000);
      await late.extend(1_000);
      await late.release();
      await late.ack();
      await holder.ack();
      await late.ack();
      await queue.send(aMessage('a', 'a2'));
      expect((await receiveOne(other)).body).toBe('a2');
    }),
  );

  it(
    'does not mind a late holder of a message that waits again',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue, other }) => {
      await queue.send(aMessage('a', 'a1'));
      const late = await receiveOne(queue);
      const again = await receiveOne(other);
      await again.release(1_000);
      await Promise.all([late.extend(5_000), late.release(), late.ack()]);
      expect(await receiveOne(queue)).toMatchObject({ body: 'a1', receiveCount: 3 });
    }),
  );

  it(
    'stops delivering a message that was received too often, and goes on with its group',
    withQueue(open, { ...FIFO, receivesMax: 2 }, async ({ queue }) => {
      await sendAll(queue, aMessage('a', 'poison'), aMessage('a', 'good'));
      for (const receiveCount of [1, 2]) {
        const message = await receiveOne(queue);
        expect(message).toMatchObject({ body: 'poison', receiveCount });
        await message.release();
      }
      const next = await receiveOne(queue);
      expect(next).toMatchObject({ body: 'good', receiveCount: 1 });
    }),
  );

  it(
    'carries a body of the greatest length, and refuses a longer or an empty one',
    withQueue(open, FIFO, async ({ queue }) => {
      const body = 'x'.repeat(BODY_BYTES_MAX);
      await queue.send(aMessage('a', body));
      await expect(queue.send(aMessage('a', `${body}x`))).rejects.toThrow();
      await expect(queue.send(aMessage('a', ''))).rejects.toThrow();
      const received = await receiveOne(queue);
      expect(received.body === body).toBe(true);
    }),
  );

  it(
    'refuses groups and ids that SQS would not take, and a delay in a FIFO queue',
    withQueue(open, FIFO, async ({ queue }) => {
      const good = aMessage('a', 'body');
      const bad = [
        { ...good, group: '' },
        { ...good, group: 'with space' },
        { ...good, group: 'x'.repeat(129) },
        { ...good, dedupId: '' },
        { ...good, dedupId: 'é' },
        { ...good, delayMs: 1_000 },
      ];
      for (const message of bad) await expect(queue.send(message)).rejects.toThrow();
    }),
  );

  it(
    'delivers a delayed message of a standard queue after its delay',
    withQueue(open, STANDARD, async ({ queue, other }) => {
      const sentMs = performance.now();
      await queue.send({ ...aMessage('a', 'later'), delayMs: 3_000 });
      await queue.send(aMessage('a', 'now'));
      expect(await bodiesNow(other)).toEqual(['now']);
      expect((await receiveOne(other)).body).toBe('later');
      expect(performance.now() - sentMs).toBeGreaterThan(2_500);
    }),
  );

  it(
    'blocks nothing in a standard queue, and drops nothing',
    withQueue(open, STANDARD, async ({ queue }) => {
      const message = aMessage('a', 'twice');
      await sendAll(queue, message, message, aMessage('a', 'third'));
      const bodies = [await receiveOne(queue), await receiveOne(queue), await receiveOne(queue)];
      expect(bodies.map(({ body }) => body).toSorted()).toEqual(['third', 'twice', 'twice']);
    }),
  );
}
