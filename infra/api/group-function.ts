import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Group } from '#functions/routes.ts';
import type { Config } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { BundledFunction } from '../lambda/bundled-function.ts';
import { functionEnvironment } from '../lambda/function-environment.ts';
import { grantMedia } from '../media-access.ts';
import { grantShardQueues } from '../shard-access.ts';
import { GROUP_ACCESS } from './group-access.ts';

/** API Gateway gives up after 30 s: a call that is not answered by then is cut off, and says so in the log. */
const TIMEOUT = Duration.seconds(29);

export type GroupFunctionProps = {
  readonly config: Config;
  readonly data: DataStack;
  readonly jwtSecret: Secret;
  /** The ARN of all calls of the API. */
  readonly calls: string;
};

/** The Lambda of one group of operations. */
export class GroupFunction extends Construct {
  readonly lambda: BundledFunction;

  constructor(scope: Construct, group: Group, props: GroupFunctionProps) {
    super(scope, group);
    const { config, data, jwtSecret, calls } = props;
    const { description, memoryMib, media, checksTokens, rings } = GROUP_ACCESS[group];
    this.lambda = new BundledFunction(this, 'Function', {
      config,
      folder: group,
      description,
      memoryMib,
      timeout: TIMEOUT,
      environment: {
        ...functionEnvironment(config, data),
        JWT_SECRET_ARN: jwtSecret.secretArn,
        OPEN_REGISTRATION: config.openRegistration ? '1' : '0',
        ALLOW_PRIVATE_URLS: '0',
        PACE: config.pace,
        MESSAGES_PER_MINUTE: String(config.messagesPerMinute),
      },
    });
    this.#grantTable(group, data);
    grantMedia(this.lambda.executionRole, data, media);
    if (checksTokens) this.#grantSecret(jwtSecret);
    if (rings) grantShardQueues(this.lambda.executionRole, config, ['sqs:SendMessage']);
    new CfnPermission(this, 'ApiMayCall', {
      action: 'lambda:InvokeFunction',
      functionName: this.lambda.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: calls,
    });
  }

  /** Lets this Lambda ask those of the other groups: a call with a slash at its end comes here first. */
  forwardTo(others: Readonly<Partial<Record<Group, GroupFunction>>>): void {
    const groups = Object.entries(others);
    const names = groups.map(([group, { lambda }]) => [group, lambda.functionName] as const);
    this.lambda.addEnvironment('GROUP_FUNCTIONS', JSON.stringify(Object.fromEntries(names)));
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        sid: 'Groups',
        actions: ['lambda:InvokeFunction'],
        resources: groups.map(([, { lambda }]) => lambda.functionArn),
      }),
    );
  }

  #grantTable(group: Group, { table }: DataStack): void {
    const { table: actions, partitions } = GROUP_ACCESS[group];
    if (actions.length === 0) return;
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        sid: 'Table',
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn],
        ...(partitions !== undefined && {
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] } },
        }),
      }),
    );
  }

  #grantSecret(jwtSecret: Secret): void {
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        sid: 'TokenSecret',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [jwtSecret.secretArn],
      }),
    );
  }
}
