import { expect, it } from 'vitest';
import type { OpenQueue } from '../queue.contract.ts';
import { aMessage, drain, FIFO, receiveOne, withQueue } from './aids.ts';

/** Far less than the waits, far more than a slow machine or a distant SQS needs. */
const PROMPT_MS = 3_000;

export function waitCases(open: OpenQueue): void {
  it(
    'answers at once when there is nothing and no wait',
    withQueue(open, FIFO, async ({ queue }) => {
      const startMs = performance.now();
      expect(await queue.receive({ max: 10, waitMs: 0 })).toEqual([]);
      expect(performance.now() - startMs).toBeLessThan(PROMPT_MS);
    }),
  );

  it(
    'waits as long as it was told',
    withQueue(open, FIFO, async ({ queue }) => {
      const startMs = performance.now();
      expect(await queue.receive({ max: 10, waitMs: 5_000 })).toEqual([]);
      expect(performance.now() - startMs).toBeGreaterThan(4_900);
      expect(performance.now() - startMs).toBeLessThan(5_000 + PROMPT_MS);
    }),
  );

  it(
    'ends the wait when another handle sends',
    withQueue(open, FIFO, async ({ queue, other }) => {
      const waiting = receiveOne(queue);
      await expect(
        Promise.race([waiting, other.receive({ max: 1, waitMs: 1_000 })]),
      ).resolves.toEqual([]);
      const sentMs = performance.now();
      await other.send(aMessage('a', 'wake up'));
      expect((await waiting).body).toBe('wake up');
      expect(performance.now() - sentMs).toBeLessThan(PROMPT_MS);
    }),
  );

  it(
    'ends the wait when its own handle sends, or releases a message',
    withQueue(open, FIFO, async ({ queue }) => {
      const startMs = performance.now();
      const first = receiveOne(queue);
      await queue.send(aMessage('a', 'a1'));
      const message = await first;
      const second = receiveOne(queue);
      await message.release();
      expect((await second).receiveCount).toBe(2);
      expect(performance.now() - startMs).toBeLessThan(2 * PROMPT_MS);
    }),
  );

  it(
    'ends the wait when a message becomes visible again',
    withQueue(open, { ...FIFO, visibilityMs: 2_000 }, async ({ queue, other }) => {
      await queue.send(aMessage('a', 'a1'));
      const receivedMs = performance.now();
      await receiveOne(queue);
      expect((await receiveOne(other)).body).toBe('a1');
      expect(performance.now() - receivedMs).toBeGreaterThan(1_500);
      expect(performance.now() - receivedMs).toBeLessThan(2_000 + PROMPT_MS);
    }),
  );

  it(
    'ends the wait with nothing when the signal aborts',
    withQueue(open, FIFO, async ({ queue, other }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const waiting = queue.receive({ max: 1, waitMs: 20_000, signal });
      const short = other.receive({ max: 1, waitMs: 1_000 });
      await expect(Promise.race([waiting, short.then(() => 'still waiting')])).resolves.toBe(
        'still waiting',
      );
      const abortedMs = performance.now();
      controller.abort();
      expect(await waiting).toEqual([]);
      expect(await queue.receive({ max: 1, waitMs: 20_000, signal })).toEqual([]);
      expect(performance.now() - abortedMs).toBeLessThan(PROMPT_MS);
    }),
  );

  it(
    'loses no message that comes in the moment of the abort',
    withQueue(open, { ...FIFO, visibilityMs: 1_000 }, async ({ queue, other }) => {
      const sent = ['a1', 'b1', 'c1', 'd1', 'e1'];
      const got: string[] = [];
      for (const body of sent) {
        const controller = new AbortController();
        const { signal } = controller;
        const waiting = queue.receive({ max: 1, waitMs: 20_000, signal });
        const sending = other.send(aMessage(body, body)).then(() => controller.abort());
        const [received] = (await Promise.all([waiting, sending]))[0];
        await received?.ack();
        if (received !== undefined) got.push(received.body);
      }
      got.push(...(await drain(other, sent.length - got.length)).map(({ body }) => body));
      expect(got.toSorted()).toEqual(sent);
    }),
  );

  it(
    'refuses to receive too many at once, none, or to wait too long',
    withQueue(open, FIFO, async ({ queue }) => {
      await expect(queue.receive({ max: 0, waitMs: 0 })).rejects.toThrow();
      await expect(queue.receive({ max: 11, waitMs: 0 })).rejects.toThrow();
      await expect(queue.receive({ max: 1, waitMs: 21_000 })).rejects.toThrow();
    }),
  );
}
