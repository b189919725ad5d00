import { randomUUID } from 'node:crypto';
import type { Message, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import type { Outgoing, Queue, QueueSettings, Received, ReceiveOptions } from '../queue.ts';
import { checkOutgoing, checkReceive, checkVisibility } from '../rules/queue-rules.ts';
import type { Lazy } from './lazy.ts';
import type { SqsClient } from './sqs-client.ts';
import { isLateReceipt } from './sqs-fault.ts';

type SqsQueueOptions = { readonly settings: QueueSettings; readonly url: string };

/**
 * The `Queue` port on one queue of SQS, which the infrastructure has made. Its times are whole seconds, so a shorter
 * one is rounded up.
 *
 * A receive that ends by its signal may lose the race against a message: SQS has then given it to nobody, and gives it
 * again after the visibility timeout, counted as received; a FIFO group waits for it meanwhile. Nothing is lost.
 */
export class SqsQueue implements Queue {
  readonly #client: Lazy<SqsClient>;
  readonly #settings: QueueSettings;
  readonly #url: string;
  readonly #closing = new AbortController();
  readonly #receiving = new Set<Promise<unknown>>();

  constructor(client: Lazy<SqsClient>, { settings, url }: SqsQueueOptions) {
    this.#client = client;
    this.#settings = settings;
    this.#url = url;
  }

  async send(message: Outgoing): Promise<void> {
    checkOutgoing(message, this.#settings.kind);
    const { group, dedupId, body, delayMs } = message;
    const client = await this.#client.get();
    await client.send({
      QueueUrl: this.#url,
      MessageBody: body,
      MessageGroupId: group,
      ...(this.#settings.kind === 'fifo' && { MessageDeduplicationId: dedupId }),
      ...(delayMs !== undefined && { DelaySeconds: toSeconds(delayMs) }),
    });
  }

  async receive(options: ReceiveOptions): Promise<readonly Received[]> {
    checkReceive(options);
    if (this.#closing.signal.aborted) {
      throw new Error(`The queue ${this.#settings.name} is closed.`);
    }
    const receiving = this.#receive(options);
    this.#receiving.add(receiving);
    try {
      return await receiving;
    } finally {
      this.#receiving.delete(receiving);
    }
  }

  /** Ends every wait with `[]`. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#receiving);
  }

  async #receive({ max, waitMs, signal }: ReceiveOptions): Promise<readonly Received[]> {
    const closing = this.#closing.signal;
    const ended = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const client = await this.#client.get();
    if (ended.aborted) return [];
    const request: ReceiveMessageCommandInput = {
      QueueUrl: this.#url,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: toSeconds(waitMs),
      VisibilityTimeout: toSeconds(this.#settings.visibilityMs),
      MessageSystemAttributeNames: ['MessageGroupId', 'ApproximateReceiveCount'],
      // With it, a retry of the SDK is given the very messages of the answer that was lost.
      ...(this.#settings.kind === 'fifo' && { ReceiveRequestAttemptId: randomUUID() }),
    };
    try {
      const { Messages = [] } = await client.receive(request, ended);
      return Messages.map((message) => this.#toReceived(message));
    } catch (cause) {
      if (ended.aborted) return [];
      throw cause;
    }
  }

  #toReceived({ MessageId = '', Body = '', ReceiptHandle, Attributes = {} }: Message): Received {
    const receipt = { QueueUrl: this.#url, ReceiptHandle };
    const hide = async (forMs: number) => {
      checkVisibility(forMs);
      const client = await this.#client.get();
      const VisibilityTimeout = toSeconds(forMs);
      await unlessLate(client.changeVisibility({ ...receipt, VisibilityTimeout }));
    };
    return {
      id: MessageId,
      group: Attributes.MessageGroupId ?? '',
      body: Body,
      receiveCount: Number(Attributes.ApproximateReceiveCount),
      ack: async () => await unlessLate((await this.#client.get()).delete(receipt)),
      extend: hide,
      release: async (delayMs = 0) => await hide(delayMs),
    };
  }
}

function toSeconds(timeMs: number): number {
  return Math.ceil(timeMs / 1_000);
}

async function unlessLate(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (cause) {
    if (!isLateReceipt(cause)) throw cause;
  }
}
