import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { openAwsRunnerStorage, openAwsStorage } from '#shared/storage/aws/open-aws-storage.ts';
import { BODY_BYTES_MAX, type QueueSettings } from '#shared/storage/queue.ts';
import type { OpenBlobs } from './blobs.contract.ts';
import type { OpenKeyWrap } from './key-wrap.contract.ts';
import type { OpenQueue } from './queue.contract.ts';
import type { OpenTable } from './table.contract.ts';

/** The service is where the environment says, as for the adapters. */
const dynamo = new DynamoDBClient();
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const kms = new KMSClient();
const s3 = new S3Client({ forcePathStyle: true });

const READY_WITHIN_S = 60;
/** What a test does not use. */
const NOWHERE = { tableName: 'none', queueUrlBase: 'https://sqs.invalid/', mediaBucket: 'none' };

/** A table as the infrastructure makes it. */
export const openAwsTable: OpenTable = async () => {
  const tableName = aName();
  await createTable(tableName);
  const storage = openAwsStorage({ ...NOWHERE, tableName });
  return {
    table: storage.table,
    close: async () => {
      await storage.close();
      await dynamo.send(new DeleteTableCommand({ TableName: tableName }));
    },
  };
};

/** The two handles have connections of their own, as in two processes. */
export const openAwsQueue: OpenQueue = async (settings) => {
  const name = aName();
  const deadUrl = await createQueue(`${name}-dead`, settings);
  const url = await createQueue(name, settings, await redriveTo(deadUrl, settings));
  const queueUrlBase = url.slice(0, url.indexOf(name));
  const storages = [1, 2].map(() => openAwsStorage({ ...NOWHERE, queueUrlBase }));
  const [queue, other] = storages.map((storage) => storage.openQueue({ name, ...settings }));
  if (queue === undefined || other === undefined) throw new Error('There are two handles.');
  return {
    queue,
    other,
    close: async () => {
      await Promise.all(storages.map((storage) => storage.close()));
      for (const QueueUrl of [url, deadUrl]) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
};

export const openAwsBlobs: OpenBlobs = async () => {
  const Bucket = aName();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const storage = openAwsStorage({ ...NOWHERE, mediaBucket: Bucket });
  return {
    blobs: storage.mediaBlobs,
    close: async () => {
      await storage.close();
      await emptyBucket(Bucket);
      await s3.send(new DeleteBucketCommand({ Bucket }));
    },
  };
};

export const openAwsKeyWrap: OpenKeyWrap = async () => {
  const [kmsKeyId, otherId] = [await createKey(), await createKey()];
  const storages = [kmsKeyId, kmsKeyId, otherId].map((id) =>
    openAwsRunnerStorage({ ...NOWHERE, authBucket: 'none', kmsKeyId: id }),
  );
  const [keyWrap, again, stranger] = storages.map((storage) => storage.keyWrap);
  if (!keyWrap || !again || !stranger) throw new Error('There are three handles.');
  return {
    keyWrap,
    again,
    stranger,
    close: async () => {
      await Promise.all(storages.map((storage) => storage.close()));
      for (const KeyId of [kmsKeyId, otherId]) {
        await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      }
    },
  };
};

async function createKey(): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'A contract test' }));
  return KeyMetadata?.KeyId ?? '';
}

function aName(): string {
  return `contract-${randomUUID()}`;
}

async function createTable(TableName: string): Promise<void> {
  const keys = (pk: string, sk: string) => [
    { AttributeName: pk, KeyType: 'HASH' as const },
    { AttributeName: sk, KeyType: 'RANGE' as const },
  ];
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: keys('gsi1pk', 'gsi1sk'),
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client: dynamo, maxWaitTime: READY_WITHIN_S }, { TableName });
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

/** Answers its URL. */
async function createQueue(
  name: string,
  { kind, visibilityMs }: Omit<QueueSettings, 'name'>,
  redrive: Record<string, string> = {},
): Promise<string> {
  const isFifo = kind === 'fifo';
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: isFifo ? `${name}.fifo` : name,
      Attributes: {
        ...(isFifo && { FifoQueue: 'true' }),
        VisibilityTimeout: String(visibilityMs / 1_000),
        MaximumMessageSize: String(BODY_BYTES_MAX),
        ...redrive,
      },
    }),
  );
  return QueueUrl;
}

async function redriveTo(
  QueueUrl: string,
  { receivesMax }: Omit<QueueSettings, 'name'>,
): Promise<Record<string, string>> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await sqs.send(asked);
  const policy = {
    deadLetterTargetArn: Attributes?.['QueueArn'],
    maxReceiveCount: String(receivesMax),
  };
  return { RedrivePolicy: JSON.stringify(policy) };
}

async function emptyBucket(Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    if (Contents.length === 0) continue;
    const Delete = { Objects: Contents.map(({ Key }) => ({ Key })) };
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
  }
}
