import { randomUUID } from 'node:crypto';
import type { Outgoing, Queue, QueueSettings, Received } from '#shared/storage/queue.ts';
import type { OpenedQueue, OpenQueue } from '../queue.contract.ts';

export const FIFO: Omit<QueueSettings, 'name'> = {
  kind: 'fifo',
  visibilityMs: 30_000,
  receivesMax: 10,
};
export const STANDARD: Omit<QueueSettings, 'name'> = { ...FIFO, kind: 'standard' };

const RECEIVES_MAX = 60;

/** Opens a queue for one test and closes it whatever happens. */
export function withQueue(
  open: OpenQueue,
  settings: Omit<QueueSettings, 'name'>,
  test: (opened: OpenedQueue) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const opened = await open(settings);
    try {
      await test(opened);
    } finally {
      await opened.close();
    }
  };
}

export function aMessage(group: string, body: string): Outgoing {
  return { group, body, dedupId: randomUUID() };
}

/** One after the other: only then is their order given. */
export async function sendAll(queue: Queue, ...messages: readonly Outgoing[]): Promise<void> {
  for (const message of messages) await queue.send(message);
}

/** The next messages, at least one; fails when none comes in ten seconds. */
export async function receiveSome(queue: Queue, max = 10): Promise<readonly Received[]> {
  const received = await queue.receive({ max, waitMs: 10_000 });
  if (received.length === 0) throw new Error('No message came.');
  return received;
}

/** Exactly one message. */
export async function receiveOne(queue: Queue): Promise<Received> {
  const [message] = await receiveSome(queue, 1);
  if (message === undefined) throw new Error('No message came.');
  return message;
}

/** Receives and acks so many messages. */
export async function drain(queue: Queue, count: number): Promise<readonly Received[]> {
  const all: Received[] = [];
  for (let receives = 0; receives < RECEIVES_MAX && all.length < count; receives += 1) {
    const received = await receiveSome(queue);
    await Promise.all(received.map((message) => message.ack()));
    all.push(...received);
  }
  return all;
}

/** What can be received in a second, and nothing of it is acked. */
export async function bodiesNow(queue: Queue): Promise<readonly string[]> {
  const received = await queue.receive({ max: 10, waitMs: 1_000 });
  return received.map((message) => message.body);
}
