import { Arn, Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import {
  PolicyStatement,
  type PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { Config } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { grantMedia } from '../media-access.ts';
import { grantShardQueues } from '../shard-access.ts';

export type RunnerRoleProps = {
  readonly config: Config;
  readonly data: DataStack;
  readonly cluster: ICluster;
};

/** What a runner may do, and no more. */
export class RunnerRole extends Role {
  constructor(scope: Construct, id: string, { config, data, cluster }: RunnerRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'What a runner of WhatsApp bots may do.',
    });
    this.#allowTable(data);
    this.#allowAuthState(data);
    grantMedia(this, data, ['read', 'write', 'delete']);
    this.#allowProtection(cluster);
    grantShardQueues(this, config, [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
    ]);
  }

  #allowTable({ table }: DataStack): void {
    const actions = ['ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'];
    this.#allow(
      'Table',
      actions.map((action) => `dynamodb:${action}`),
      [table.tableArn],
    );
    this.#allow('Queries', ['dynamodb:Query'], [table.tableArn, `${table.tableArn}/index/gsi1`]);
  }

  #allowAuthState(data: DataStack): void {
    const { authBucket, authKey } = data;
    const objects = `${data.exportValue(authBucket.bucketArn)}/auth/*`;
    this.#allow('AuthState', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], [objects]);
    // Without it a blob that is not there would look like one that is forbidden.
    this.#allow('AuthStates', ['s3:ListBucket'], [authBucket.bucketArn]);
    this.#allowAuthKey(authKey);
    acknowledgeWildcard(
      this,
      objects,
      'The instances that a runner holds change all the time: it may need the auth state of each.',
    );
  }

  /**
   * The key encrypts the bucket, for which S3 asks in the runner's name, and wraps the data keys of the journals. Those
   * are bound to their instance, and nothing else may be asked for.
   */
  #allowAuthKey({ keyArn }: IKey): void {
    const { region, urlSuffix } = Stack.of(this);
    const allow = (sid: string, conditions: PolicyStatementProps['conditions']) =>
      this.addToPolicy(
        new PolicyStatement({
          sid,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [keyArn],
          ...(conditions && { conditions }),
        }),
      );
    allow('AuthBucketKey', { StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` } });
    allow('AuthDataKeys', {
      Null: { 'kms:EncryptionContext:instanceId': 'false' },
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['instanceId'] },
    });
  }

  #allowProtection({ clusterName, clusterArn }: ICluster): void {
    const resourceName = `${clusterName}/*`;
    const tasks = Arn.format({ service: 'ecs', resource: 'task', resourceName }, Stack.of(this));
    this.addToPolicy(
      new PolicyStatement({
        sid: 'Protection',
        actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
        resources: [tasks],
        conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
      }),
    );
    acknowledgeWildcard(
      this,
      tasks,
      'ECS gives a task its name when it starts it. The cluster has no tasks but runners.',
    );
  }

  #allow(sid: string, actions: string[], resources: string[]): void {
    this.addToPolicy(new PolicyStatement({ sid, actions, resources }));
  }
}
