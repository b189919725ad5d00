import { Duration } from 'aws-cdk-lib';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Config } from '../config.ts';
import { shardQueueName } from '../names.ts';
import { requireTls } from './require-tls.ts';

/** SQS: the longest body, in bytes. */
export const MESSAGE_BYTES_MAX = 1_048_576;
/** CloudFormation takes 500 resources in a stack. */
const SHARDS_PER_STACK = 300;

export type ShardQueuesProps = {
  readonly config: Config;
  /** The first shard of the block, a multiple of `SHARDS_PER_STACK`. */
  readonly first: number;
  readonly deadLetters: Queue;
};

/**
 * The queues of one block of shards. A shard stays in its block however many there are, so that growing
 * `shardCount` moves no queue. They only say where to look, and the table holds the truth: they go with the stack.
 */
export class ShardQueues extends Construct {
  readonly queues: readonly Queue[];

  constructor(scope: Construct, id: string, props: ShardQueuesProps) {
    super(scope, id);
    const { first, config } = props;
    const count = Math.min(SHARDS_PER_STACK, config.shardCount - first);
    this.queues = Array.from({ length: count }, (_, index) => this.#addQueue(first + index, props));
    requireTls(this, this.queues);
  }

  /** Each doorbell is a group of its own, hence the throughput per group. */
  #addQueue(shard: number, { config, deadLetters }: ShardQueuesProps): Queue {
    const { name, visibilityMs, receivesMax } = shardQueueSettings(shard);
    return new Queue(this, name, {
      queueName: shardQueueName(config, shard),
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      maxMessageSizeBytes: MESSAGE_BYTES_MAX,
      visibilityTimeout: Duration.millis(visibilityMs),
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: receivesMax },
    });
  }
}

/** The first shards of the blocks that have a stack of their own. */
export function laterBlocks({ shardCount }: Pick<Config, 'shardCount'>): number[] {
  const blocks = Math.ceil(shardCount / SHARDS_PER_STACK);
  return Array.from({ length: blocks }, (_, block) => block * SHARDS_PER_STACK).slice(1);
}
