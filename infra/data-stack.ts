import { CfnOutput, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';
import { AuthBucket } from './data/auth-bucket.ts';
import { DeadLetterQueue } from './data/dead-letter-queue.ts';
import { MediaBucket } from './data/media-bucket.ts';
import { ShardQueues } from './data/shard-queues.ts';
import { DEAD_LETTERS, named, shardQueueName } from './names.ts';

export type DataStackProps = StackProps & { readonly config: Config };

/**
 * What lasts: the one table, the blobs and the queues. The stack cannot be removed before somebody allows it, and
 * the table, the buckets and the key stay even then.
 */
export class DataStack extends Stack {
  readonly table: TableV2;
  readonly authBucket: Bucket;
  readonly authKey: Key;
  readonly mediaBucket: Bucket;
  readonly deadDoorbells: Queue;
  /** The URL of a queue up to its name, `https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-`. */
  readonly queueUrlBase: string;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, {
      description: 'WhatsApp bots: the table, the queues and the blobs. It holds all data.',
      terminationProtection: true,
      ...props,
    });
    this.table = this.#makeTable();
    const auth = new AuthBucket(this, 'Auth', { config });
    this.authBucket = auth.bucket;
    this.authKey = auth.key;
    this.mediaBucket = new MediaBucket(this, 'Media', { config }).bucket;
    this.deadDoorbells = new DeadLetterQueue(this, 'DeadDoorbells', {
      queueName: named(config, DEAD_LETTERS.doorbells),
    });
    const { queues } = new ShardQueues(this, 'Shards', {
      config,
      first: 0,
      deadLetters: this.deadDoorbells,
    });
    this.queueUrlBase = urlBaseOf(queues, config);

    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'AuthBucketName', { value: this.authBucket.bucketName });
    new CfnOutput(this, 'AuthKeyArn', { value: this.authKey.keyArn });
    new CfnOutput(this, 'MediaBucketName', { value: this.mediaBucket.bucketName });
    new CfnOutput(this, 'QueueUrlBase', { value: this.queueUrlBase });
    new CfnOutput(this, 'ShardCount', { value: String(config.shardCount) });
  }

  #makeTable(): TableV2 {
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    return new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      globalSecondaryIndexes: [
        { indexName: 'gsi1', partitionKey: text('gsi1pk'), sortKey: text('gsi1sk') },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

/** Taken from a real URL: their form differs between partitions and emulators. */
function urlBaseOf([first]: readonly Queue[], config: Config): string {
  if (!first) throw new Error('There is no shard.');
  const name = shardQueueName(config, 0);
  return `${Fn.select(0, Fn.split(name, first.queueUrl))}${named(config, '')}`;
}
