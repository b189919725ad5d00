import { setTimeout } from 'node:timers/promises';
import type { QueueSettings } from '../queue.ts';
import type { RunnerStorage, Storage } from '../storage.ts';
import { type DynamoClient, makeDynamoClient } from './dynamo-client.ts';
import { DynamoTable } from './dynamo-table.ts';
import { KmsKeyWrap } from './kms-key-wrap.ts';
import { Lazy } from './lazy.ts';
import type { Ambient } from './retry-passing.ts';
import { S3Blobs } from './s3-blobs.ts';
import type { S3Client } from './s3-client.ts';
import type { SdkTarget } from './sdk-settings.ts';
import type { SqsClient } from './sqs-client.ts';
import { SqsQueue } from './sqs-queue.ts';

export type AwsStorageOptions = {
  readonly tableName: string;
  /** The URL of a queue up to its name; that of a FIFO queue has `.fifo` behind the name. */
  readonly queueUrlBase: string;
  readonly mediaBucket: string;
  /** By default the SDK reads the environment. */
  readonly target?: SdkTarget;
  readonly ambient?: Partial<Ambient>;
};
export type AwsRunnerStorageOptions = AwsStorageOptions & {
  readonly authBucket: string;
  /** The key of KMS that wraps the keys of the auth state: its id, its ARN or an alias. */
  readonly kmsKeyId: string;
};

/** The ports of a control plane's process. Nothing is loaded or dialled before it is used. */
export function openAwsStorage(options: AwsStorageOptions): Storage {
  return new AwsStorage(options);
}

/** The ports of a runner. Nobody else has KMS in what is loaded. */
export function openAwsRunnerStorage(options: AwsRunnerStorageOptions): RunnerStorage {
  const { target = {}, authBucket, kmsKeyId } = options;
  const storage = new AwsStorage(options);
  const kms = new Lazy(async () => (await import('./kms-client.ts')).makeKmsClient(target));
  return {
    table: storage.table,
    mediaBlobs: storage.mediaBlobs,
    authBlobs: storage.openBlobs(authBucket),
    keyWrap: new KmsKeyWrap(kms, kmsKeyId),
    openQueue: (settings) => storage.openQueue(settings),
    close: async () => {
      await Promise.all([storage.close(), kms.close()]);
    },
  };
}

class AwsStorage implements Storage {
  readonly table: DynamoTable;
  readonly mediaBlobs: S3Blobs;
  readonly #dynamo: Lazy<DynamoClient>;
  readonly #sqs: Lazy<SqsClient>;
  readonly #s3: Lazy<S3Client>;
  readonly #queueUrlBase: string;
  readonly #ambient: Ambient;
  readonly #queues = new Map<string, SqsQueue>();

  constructor({ tableName, queueUrlBase, mediaBucket, target = {}, ambient }: AwsStorageOptions) {
    this.#dynamo = new Lazy(async () => makeDynamoClient(target));
    // Every process has a table; who sends nothing does not load SQS, and hardly anybody S3.
    this.#sqs = new Lazy(async () => (await import('./sqs-client.ts')).makeSqsClient(target));
    this.#s3 = new Lazy(async () => (await import('./s3-client.ts')).makeS3Client(target));
    this.#queueUrlBase = queueUrlBase;
    this.#ambient = { ...realAmbient, ...ambient };
    this.table = new DynamoTable(this.#dynamo, tableName, this.#ambient);
    this.mediaBlobs = this.openBlobs(mediaBucket);
  }

  openBlobs(bucket: string): S3Blobs {
    return new S3Blobs(this.#s3, bucket, this.#ambient);
  }

  /** Once for each name: the settings of the first call stay. */
  openQueue(settings: QueueSettings): SqsQueue {
    const known = this.#queues.get(settings.name);
    if (known !== undefined) return known;
    const ending = settings.kind === 'fifo' ? '.fifo' : '';
    const url = `${this.#queueUrlBase}${settings.name}${ending}`;
    const queue = new SqsQueue(this.#sqs, { settings, url });
    this.#queues.set(settings.name, queue);
    return queue;
  }

  /** Ends every wait of the queues with `[]`, and closes the connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    const clients = [this.#dynamo, this.#sqs, this.#s3];
    await Promise.all(clients.map((client) => client.close()));
  }
}

const realAmbient: Ambient = {
  now: () => new Date(),
  sleep: async (delayMs) => await setTimeout(delayMs),
  random: () => Math.random(),
};
