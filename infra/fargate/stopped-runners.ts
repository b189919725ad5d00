import { Duration } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';
import { DeadLetterQueue } from '../data/dead-letter-queue.ts';
import type { DataStack } from '../data-stack.ts';
import { BundledFunction } from '../lambda/bundled-function.ts';
import { functionEnvironment } from '../lambda/function-environment.ts';
import { DEAD_LETTERS, named } from '../names.ts';

/** After some seconds the heartbeats tell it too, so that later news is no news. */
const EVENT_AGE_MAX = Duration.minutes(10);
const DELIVERIES_MAX = 8;
const RUNS_AGAIN_MAX = 2;
const TIMEOUT = Duration.seconds(10);
const MEMORY_MIB = 512;

export type StoppedRunnersProps = {
  readonly config: Config;
  readonly data: DataStack;
  readonly cluster: ICluster;
};

/** Tells the table at once that a runner is dead when ECS says that its task has stopped. */
export class StoppedRunners extends Construct {
  constructor(scope: Construct, id: string, { config, data, cluster }: StoppedRunnersProps) {
    super(scope, id);
    const deadLetters = new DeadLetterQueue(this, 'DeadEvents', {
      queueName: named(config, DEAD_LETTERS.stoppedRunners),
    });
    acknowledge(deadLetters, 'SQS3', 'It is where EventBridge and Lambda send dead letters.');
    const markDead = new BundledFunction(this, 'Function', {
      config,
      folder: 'runner-stopped',
      description: 'WhatsApp bots: marks a runner dead when its task has stopped.',
      memoryMib: MEMORY_MIB,
      timeout: TIMEOUT,
      environment: functionEnvironment(config, data),
    });
    markDead.configureAsyncInvoke({
      maxEventAge: EVENT_AGE_MAX,
      retryAttempts: RUNS_AGAIN_MAX,
      onFailure: new SqsDestination(deadLetters),
    });
    markDead.addToRolePolicy(
      new PolicyStatement({
        sid: 'Runners',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        resources: [data.table.tableArn],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['RUNNER'] } },
      }),
    );
    new Rule(this, 'Rule', {
      description: 'A task of a runner has stopped.',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [
        new LambdaFunction(markDead, {
          deadLetterQueue: deadLetters,
          maxEventAge: EVENT_AGE_MAX,
          retryAttempts: DELIVERIES_MAX,
        }),
      ],
    });
  }
}
