import { Arn, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Config } from './config.ts';
import { named } from './names.ts';

/** Lets the grantee, which stands within the scope, do this to the queues of all shards. */
export function grantShardQueues(
  scope: IConstruct & IGrantable,
  config: Pick<Config, 'prefix'>,
  actions: readonly string[],
): void {
  const resource = Arn.format(
    { service: 'sqs', resource: `${named(config, 'shard')}-*.fifo` },
    Stack.of(scope),
  );
  scope.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ sid: 'Doorbells', actions: [...actions], resources: [resource] }),
  );
  acknowledgeWildcard(
    scope,
    resource,
    'There may be hundreds of shards, more than a policy has room for. Their queues alone have such names.',
  );
}
