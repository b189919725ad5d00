import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { DeduplicationScope, FifoThroughputLimit, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';

export type DataStackProps = StackProps & { readonly config: Config };

/** As `shared/contracts/doorbell.ts` sets the embedded queues up. */
const DOORBELL_VISIBILITY = Duration.seconds(5);
const DOORBELL_RECEIVES_MAX = 5;
const DEAD_LETTERS_KEPT = Duration.days(14);

/** What lasts: the one table, the shards' queues and the blobs. It is never removed with the stack. */
export class DataStack extends Stack {
  readonly table: TableV2;
  readonly blobs: Bucket;
  readonly shardQueues: readonly Queue[];

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    this.table = this.#makeTable();
    this.blobs = this.#makeBlobs();
    this.shardQueues = this.#makeShardQueues(config.shardCount);
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

  #makeBlobs(): Bucket {
    return new Bucket(this, 'Blobs', {
      encryption: BucketEncryption.KMS_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Each doorbell is a group of its own, hence the throughput per group. */
  #makeShardQueues(shardCount: number): Queue[] {
    const deadLetters = new Queue(this, 'DeadDoorbells', {
      fifo: true,
      retentionPeriod: DEAD_LETTERS_KEPT,
      enforceSSL: true,
    });
    return Array.from(
      { length: shardCount },
      (_, shard) =>
        new Queue(this, `Shard${String(shard).padStart(4, '0')}`, {
          fifo: true,
          visibilityTimeout: DOORBELL_VISIBILITY,
          deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
          fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          deadLetterQueue: { queue: deadLetters, maxReceiveCount: DOORBELL_RECEIVES_MAX },
          enforceSSL: true,
        }),
    );
  }
}
