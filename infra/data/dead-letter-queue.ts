import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { MESSAGE_BYTES_MAX } from './shard-queues.ts';

/** The longest time that SQS keeps anything. */
const DEAD_LETTERS_KEPT = Duration.days(14);

/** Keeps what failed too often until somebody has looked. A name with `.fifo` at its end makes it one. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { queueName }: { queueName: string }) {
    super(scope, id, {
      queueName,
      ...(queueName.endsWith('.fifo') && { fifo: true }),
      encryption: QueueEncryption.SQS_MANAGED,
      maxMessageSizeBytes: MESSAGE_BYTES_MAX,
      retentionPeriod: DEAD_LETTERS_KEPT,
      enforceSSL: true,
    });
  }
}
