import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ShardQueues, type ShardQueuesProps } from './data/shard-queues.ts';

export type ShardStackProps = StackProps & ShardQueuesProps;

/** The queues of a later block of shards, for which the data stack has no room. */
export class ShardStack extends Stack {
  constructor(scope: Construct, id: string, props: ShardStackProps) {
    super(scope, id, {
      description: `WhatsApp bots: the queues of the shards from ${props.first} on.`,
      terminationProtection: true,
      ...props,
    });
    new ShardQueues(this, 'Shards', props);
  }
}
