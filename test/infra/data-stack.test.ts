import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../infra/config.ts';
import { DataStack } from '../../infra/data-stack.ts';

describe('the data stack', () => {
  const template = Template.fromStack(
    new DataStack(new App(), 'Data', { config: { shardCount: 3 } }),
  );

  it('has the one table, with its index and its expiry, that no removal takes along', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [Match.objectLike({ IndexName: 'gsi1' })],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  it('keeps the blobs encrypted, private and for good', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  it('has a queue for each shard, with one place for dead letters', () => {
    template.resourceCountIs('AWS::SQS::Queue', 3 + 1);
    template.resourcePropertiesCountIs(
      'AWS::SQS::Queue',
      { FifoQueue: true, RedrivePolicy: Match.anyValue() },
      3,
    );
  });

  it('allows no call without TLS', () => {
    template.resourcePropertiesCountIs(
      'AWS::S3::BucketPolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        },
      },
      1,
    );
  });
});

it('refuses a configuration that cannot be', () => {
  expect(() => readConfig(() => '0')).toThrow(/shardCount/);
  expect(readConfig(() => undefined)).toEqual({ shardCount: 4 });
});
