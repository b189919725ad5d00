import {
  ChangeMessageVisibilityCommand,
  type ChangeMessageVisibilityCommandInput,
  DeleteMessageCommand,
  type DeleteMessageCommandInput,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type SdkTarget, sdkSettings } from './sdk-settings.ts';

/** SQS answers in tens of milliseconds, when a body of at most 1 MiB has gone out to it; four attempts fit into 10 s. */
const REQUEST_TIMEOUT_MS = 2_000;
/** How late the answer to a receive may be, after its wait. Nobody waits for it, and a retry costs a whole wait. */
const RECEIVE_LATE_MS_MAX = 5_000;
/** More than the longest wait of a receive, in which the socket is silent. */
const SILENCE_MS = 30_000;
/** Every shard of a runner holds one socket in its receive, and an `ack` must not wait for it. */
const SOCKETS_MAX = 500;

export type SqsClient = ReturnType<typeof makeSqsClient>;

/** The calls of SQS that the queues need, on connections of their own. */
export function makeSqsClient(target: SdkTarget) {
  const limits = { requestTimeoutMs: REQUEST_TIMEOUT_MS, silenceMs: SILENCE_MS };
  const client = new SQSClient({
    ...sdkSettings(target, { ...limits, socketsMax: SOCKETS_MAX }),
    // The region's address is right on AWS as well; a queue's URL need not be one that can be dialled on an emulator.
    useQueueUrlAsEndpoint: false,
  });
  return {
    send: async (input: SendMessageCommandInput) =>
      await client.send(new SendMessageCommand(input)),
    /** Rejects with an `AbortError` when the signal aborts. */
    receive: async (input: ReceiveMessageCommandInput, abortSignal: AbortSignal) => {
      const requestTimeout = (input.WaitTimeSeconds ?? 0) * 1_000 + RECEIVE_LATE_MS_MAX;
      return await client.send(new ReceiveMessageCommand(input), { abortSignal, requestTimeout });
    },
    delete: async (input: DeleteMessageCommandInput) =>
      await client.send(new DeleteMessageCommand(input)),
    changeVisibility: async (input: ChangeMessageVisibilityCommandInput) =>
      await client.send(new ChangeMessageVisibilityCommand(input)),
    close: () => client.destroy(),
  };
}
