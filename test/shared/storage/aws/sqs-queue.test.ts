import { describe, expect, it } from 'vitest';
import type { QueueSettings } from '#shared/storage/queue.ts';
import { type Answer, fault, json, openOnWire, sqsFault } from './wire.ts';

const FIFO: QueueSettings = { name: 'q', kind: 'fifo', visibilityMs: 1_500, receivesMax: 3 };
const STANDARD: QueueSettings = { ...FIFO, name: 's', kind: 'standard' };
const MESSAGE = { group: 'g', dedupId: 'd', body: 'body' };
/** The MD5 of `body`, which the SDK checks. */
const MD5 = '841a2d689ad86bd1611447453c22c6fc';
const SENT = json({ MessageId: '1', MD5OfMessageBody: MD5 });
const RECEIVED = json({
  Messages: [
    {
      MessageId: '1',
      ReceiptHandle: 'receipt',
      Body: 'body',
      MD5OfBody: MD5,
      Attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '2' },
    },
  ],
});

async function receivedOnWire(...answers: readonly Answer[]) {
  const wire = await openOnWire([RECEIVED, ...answers]);
  const queue = wire.storage.openQueue(FIFO);
  const [message] = await queue.receive({ max: 1, waitMs: 0 });
  if (message === undefined) throw new Error('No message came.');
  return { ...wire, message };
}

describe('SqsQueue', () => {
  it('sends to a FIFO queue with a deduplication id, and to a standard one with a delay', async () => {
    const { storage, asked } = await openOnWire([SENT]);
    await storage.openQueue(FIFO).send(MESSAGE);
    await storage.openQueue(STANDARD).send({ ...MESSAGE, delayMs: 1_001 });
    const common = { MessageBody: 'body', MessageGroupId: 'g' };
    expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
      { ...common, QueueUrl: 'https://sqs.test/1/base-q.fifo', MessageDeduplicationId: 'd' },
      { ...common, QueueUrl: 'https://sqs.test/1/base-s', DelaySeconds: 2 },
    ]);
  });

  it('tries again when it is throttled', async () => {
    const { storage, asked } = await openOnWire([fault('ThrottlingException'), SENT]);
    await storage.openQueue(FIFO).send(MESSAGE);
    expect(asked).toHaveLength(2);
  });

  it('asks for the very messages of an answer that was lost', async () => {
    const { storage, asked } = await openOnWire(['lost', RECEIVED]);
    const received = await storage.openQueue(FIFO).receive({ max: 10, waitMs: 20_000 });
    expect(received).toMatchObject([{ id: '1', group: 'g', body: 'body', receiveCount: 2 }]);
    const [first, second] = asked.map(({ body }) => JSON.parse(body));
    expect(first).toMatchObject({
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      VisibilityTimeout: 2,
      ReceiveRequestAttemptId: expect.stringMatching(/./),
    });
    expect(second.ReceiveRequestAttemptId).toBe(first.ReceiveRequestAttemptId);
  });

  it('takes no message that was damaged on its way', async () => {
    const { storage } = await openOnWire([
      json({ Messages: [{ Body: 'changed', MD5OfBody: MD5 }] }),
    ]);
    const receiving = storage.openQueue(FIFO).receive({ max: 1, waitMs: 0 });
    await expect(receiving).rejects.toThrow('MD5');
  });

  it.each([
    [
      'the receipt is not one',
      sqsFault('com.amazonaws.sqs#ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid', 'No.'),
    ],
    [
      'the message is not in flight',
      sqsFault(
        'com.amazonaws.sqs#MessageNotInflight',
        'AWS.SimpleQueueService.MessageNotInflight',
        'No.',
      ),
    ],
    [
      'the receipt has expired',
      sqsFault(
        'com.amazon.coral.service#InvalidParameterValueException',
        'InvalidParameterValue',
        'Value x for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
      ),
    ],
  ])('does not mind that %s', async (_name, answer) => {
    const { message, asked } = await receivedOnWire(answer);
    await message.ack();
    await message.extend(1_000);
    await message.release();
    expect(asked).toHaveLength(4);
  });

  it('gives a message back at once, or after whole seconds', async () => {
    const { message, asked } = await receivedOnWire(json({}));
    await message.release();
    await message.release(1_200);
    await message.extend(60_000);
    const times = asked.slice(1).map(({ body }) => JSON.parse(body).VisibilityTimeout);
    expect(times).toEqual([0, 2, 60]);
  });

  it('says when a message can be held no longer', async () => {
    const held = await receivedOnWire(
      sqsFault(
        'com.amazon.coral.service#InvalidParameterValueException',
        'InvalidParameterValue',
        'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
      ),
    );
    await expect(held.message.extend(43_200_000)).rejects.toThrow('beyond the limit');
    await expect(held.message.extend(43_200_001)).rejects.toThrow(RangeError);
  });

  it('hangs up when the signal aborts', async () => {
    const { storage, untilAsked } = await openOnWire(['silence']);
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = storage.openQueue(FIFO).receive({ max: 1, waitMs: 20_000, signal });
    await untilAsked(1);
    controller.abort();
    expect(await waiting).toEqual([]);
  });

  it('asks nobody when the signal has aborted before', async () => {
    const { storage, asked } = await openOnWire([RECEIVED]);
    const signal = AbortSignal.abort();
    const queue = storage.openQueue(FIFO);
    expect(await queue.receive({ max: 1, waitMs: 20_000, signal })).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('ends its waits when the storage is closed, and takes no more', async () => {
    const { storage, untilAsked } = await openOnWire(['silence']);
    const queue = storage.openQueue(FIFO);
    const waiting = queue.receive({ max: 1, waitMs: 20_000 });
    await untilAsked(1);
    await storage.close();
    expect(await waiting).toEqual([]);
    await expect(queue.receive({ max: 1, waitMs: 0 })).rejects.toThrow('closed');
  });
});
