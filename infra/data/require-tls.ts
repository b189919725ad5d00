import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnQueuePolicy, type Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Refuses plain HTTP to all of these queues by one policy, as one for each would take half of a stack's resources.
 * In a queue's policy `*` is that queue.
 */
export function requireTls(scope: Construct, queues: readonly Queue[]): void {
  const document = new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'TlsOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sqs:*'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
  });
  new CfnQueuePolicy(scope, 'TlsOnly', {
    queues: queues.map((queue) => queue.queueUrl),
    policyDocument: document,
  });
}
