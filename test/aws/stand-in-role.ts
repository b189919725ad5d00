import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { ACCOUNT } from './harness/emulator.ts';
import type { PolicyDocument } from './runner-task.ts';

const STACK = 'RunnerTaskRole';
const CREATE_TIMEOUT_S = 30;

/**
 * A role that may do just what the runner's task may, and that this machine may assume: only ECS may assume the role
 * of the task itself. Answers its ARN; makes it once.
 */
export async function standInRole(policies: readonly PolicyDocument[]): Promise<string> {
  const client = new CloudFormationClient();
  try {
    await client.send(
      new CreateStackCommand({
        StackName: STACK,
        Capabilities: ['CAPABILITY_IAM'],
        TemplateBody: JSON.stringify(toTemplate(policies)),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AlreadyExistsException')) throw error;
  }
  const stack = { StackName: STACK };
  await waitUntilStackCreateComplete({ client, maxWaitTime: CREATE_TIMEOUT_S, minDelay: 1 }, stack);
  const { Stacks } = await client.send(new DescribeStacksCommand(stack));
  const arn = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Arn')?.OutputValue;
  if (arn === undefined) throw new Error('The stand-in role has no ARN.');
  client.destroy();
  return arn;
}

function toTemplate(policies: readonly PolicyDocument[]) {
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  };
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
          Policies: policies.map((document, index) => ({
            PolicyName: `Policy${index}`,
            PolicyDocument: document,
          })),
        },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  };
}
