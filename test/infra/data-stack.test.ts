import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readConfig } from '../../infra/config.ts';
import { DataStack } from '../../infra/data-stack.ts';
import { policyStatements, quickApp } from './synthesized.ts';

const config = readConfig({ shardCount: 3, mediaDays: 12, corsOrigins: 'https://app.example.com' });

describe('the data stack', () => {
  const stack = new DataStack(quickApp(), 'Data', { config });
  const template = Template.fromStack(stack);

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
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  it('cannot be removed by mistake, and leaves what holds data when it is', () => {
    expect(stack.terminationProtection).toBe(true);
    const holders = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::KMS::Key'];
    const resources = holders.flatMap((type) => Object.values(template.findResources(type)));
    expect(resources).toHaveLength(4);
    for (const resource of resources) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('encrypts the auth state with a key of its own that is renewed', () => {
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuthKey'), 'Arn'] },
            },
          },
        ],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } })],
      },
    });
  });

  it('keeps the files of messages for as long as it was told to, attachments until they are deleted, and half an upload for a day', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.anyValue(),
      LifecycleConfiguration: {
        Rules: [
          { Status: 'Enabled', Prefix: 'sent/', ExpirationInDays: 12 },
          { Status: 'Enabled', Prefix: 'inbound/', ExpirationInDays: 12 },
          { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      },
      CorsConfiguration: {
        CorsRules: [Match.objectLike({ AllowedOrigins: ['https://app.example.com'] })],
      },
    });
  });

  it('shows no blob to the public', () => {
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('takes records, snapshots and keys of the journal only where nothing is, from anybody', () => {
    const refusal = (condition: Record<string, string>) =>
      Match.objectLike({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:PutObject',
        Resource: ['j', 'key', 'snap'].map((kind) => ({
          'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.anyValue(), 'Arn'] }, `/auth/*/${kind}/*`]],
        })),
        Condition: { Null: condition },
      });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          refusal({ 's3:if-none-match': 'true' }),
          refusal({ 's3:if-match': 'false' }),
        ]),
      },
    });
  });

  it('has a queue for each shard under its name, with one place for dead letters', () => {
    for (const shard of ['0000', '0001', '0002']) {
      template.hasResourceProperties('AWS::SQS::Queue', {
        QueueName: `whatsapp-bots-shard-${shard}.fifo`,
        FifoQueue: true,
        FifoThroughputLimit: 'perMessageGroupId',
        DeduplicationScope: 'messageGroup',
        MaximumMessageSize: 1_048_576,
        VisibilityTimeout: 5,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadDoorbells'), 'Arn'] },
          maxReceiveCount: 5,
        },
      });
    }
    template.resourcePropertiesCountIs('AWS::SQS::Queue', { FifoQueue: true }, 4);
  });

  it('has no queue for webhooks: the table has what is to be tried again', () => {
    const names = Object.values(template.findResources('AWS::SQS::Queue')).map(
      ({ Properties }) => Properties.QueueName,
    );
    expect(names.filter((name) => String(name).includes('webhook'))).toEqual([]);
  });

  it('encrypts every queue, and speaks with none but over TLS', () => {
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    expect(queues).toHaveLength(4);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    expect(namesUnderTls('AWS::SQS::QueuePolicy')).toEqual(queues.sort());
  });

  it('speaks of blobs with nobody but over TLS', () => {
    const buckets = Object.keys(template.findResources('AWS::S3::Bucket'));
    expect(namesUnderTls('AWS::S3::BucketPolicy')).toEqual(buckets.sort());
  });

  it('tells where everything is', () => {
    for (const name of ['TableName', 'AuthBucketName', 'MediaBucketName', 'QueueUrlBase']) {
      template.hasOutput(name, {});
    }
    template.hasOutput('ShardCount', { Value: '3' });
  });

  /** The logical names of what a policy of this type refuses to serve without TLS. */
  function namesUnderTls(type: string): string[] {
    return Object.values(template.findResources(type))
      .filter((policy) => policyStatements(policy).some(({ statement }) => refusesPlain(statement)))
      .flatMap((policy) => Subjects.parse(policy['Properties']))
      .sort();
  }
});

/** What a policy of queues, or of a bucket, is about. */
const Reference = z.object({ Ref: z.string() }).transform(({ Ref }) => Ref);
const Subjects = z.union([
  z.object({ Queues: z.array(Reference) }).transform(({ Queues }) => Queues),
  z.object({ Bucket: Reference }).transform(({ Bucket }) => [Bucket]),
]);

function refusesPlain(statement: Record<string, unknown>): boolean {
  return (
    statement['Effect'] === 'Deny' &&
    JSON.stringify(statement['Condition']) === '{"Bool":{"aws:SecureTransport":"false"}}'
  );
}
