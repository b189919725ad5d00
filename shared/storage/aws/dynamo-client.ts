import {
  DeleteItemCommand,
  type DeleteItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { EVERY_ATTEMPT, watchAttempt } from './lost-answers.ts';
import { type SdkTarget, sdkSettings } from './sdk-settings.ts';

/** DynamoDB answers in single milliseconds, a transaction or a page of 1 MiB in tens; four attempts fit into 10 s. */
const REQUEST_TIMEOUT_MS = 2_000;
const SILENCE_MS = 2_000;
/** A Lambda has one call at a time; a runner works at hundreds of instances. */
const SOCKETS_MAX = 100;

export type DynamoClient = ReturnType<typeof makeDynamoClient>;

/** The calls of DynamoDB that the table needs, on connections of their own. */
export function makeDynamoClient(target: SdkTarget) {
  const limits = { requestTimeoutMs: REQUEST_TIMEOUT_MS, silenceMs: SILENCE_MS };
  const client = new DynamoDBClient(sdkSettings(target, { ...limits, socketsMax: SOCKETS_MAX }));
  client.middlewareStack.add(
    (next, call) => async (args) => await watchAttempt(call, () => next(args)),
    EVERY_ATTEMPT,
  );
  return {
    get: async (input: GetItemCommandInput) => await client.send(new GetItemCommand(input)),
    query: async (input: QueryCommandInput) => await client.send(new QueryCommand(input)),
    put: async (input: PutItemCommandInput) => await client.send(new PutItemCommand(input)),
    update: async (input: UpdateItemCommandInput) =>
      await client.send(new UpdateItemCommand(input)),
    delete: async (input: DeleteItemCommandInput) =>
      await client.send(new DeleteItemCommand(input)),
    /** The SDK adds a `ClientRequestToken`, the same for all attempts, so that none of them is done twice. */
    transact: async (input: TransactWriteItemsCommandInput) =>
      await client.send(new TransactWriteItemsCommand(input)),
    close: () => client.destroy(),
  };
}
