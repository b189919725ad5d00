import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { readEnv as readStoppedEnv } from '#functions/runner-stopped/env.ts';
import { readRunnerEnv } from '#runner/env.ts';
import { METRICS_NAMESPACE } from '#shared/contracts/metrics.ts';
import { keys } from '#shared/repositories/keys.ts';
import { readConfig } from '../../infra/config.ts';
import { DataStack } from '../../infra/data-stack.ts';
import { RunnerStack } from '../../infra/runner-stack.ts';
import { policyStatements, quickApp, resolved } from './synthesized.ts';

const NameAndValue = z.array(z.object({ Name: z.string(), Value: z.unknown() }));

describe('the runner stack', () => {
  const app = quickApp();
  const stacksOf = (name: string, said: Record<string, unknown>) => {
    const config = readConfig(said);
    const data = new DataStack(app, `${name}Data`, { config });
    return new RunnerStack(app, name, { config, data });
  };
  const small = stacksOf('Small', {});
  const large = stacksOf('Large', {
    network: 'private',
    runnersMin: 2,
    runnersMax: 9,
    sessionsPerRunner: 40,
  });
  const template = Template.fromStack(small);
  const container = containerOf(template);
  afterEach(() => vi.unstubAllEnvs());

  it('has no way in', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    expect(container).not.toHaveProperty('PortMappings');
  });

  it('uses the key for the auth bucket, and for keys that are bound to an instance', () => {
    const use = (Sid: string, Condition: Record<string, unknown>) => ({
      Sid,
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: { 'Fn::ImportValue': Match.stringLikeRegexp('AuthKey') },
      Condition,
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          use('AuthBucketKey', { StringEquals: { 'kms:ViaService': Match.anyValue() } }),
          use('AuthDataKeys', {
            Null: { 'kms:EncryptionContext:instanceId': 'false' },
            'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['instanceId'] },
          }),
        ]),
      },
    });
  });

  it('costs no NAT gateway unless it is to be private, and reaches S3 and the table for nothing', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 2);
    expect(assignedAddress(template)).toBe('ENABLED');
    const private_ = Template.fromStack(large);
    private_.resourceCountIs('AWS::EC2::NatGateway', 1);
    expect(assignedAddress(private_)).toBe('DISABLED');
  });

  it('runs the image as an ordinary user who can change nothing in it', () => {
    expect(container).toMatchObject({
      User: 'node',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
    });
    expect(container).not.toHaveProperty('Privileged', true);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '256',
      Memory: '512',
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
      RequiresCompatibilities: ['FARGATE'],
    });
  });

  it('gives a runner all the time that there is to hand over, and asks it how it is', () => {
    expect(container).toMatchObject({
      StopTimeout: 120,
      HealthCheck: { Command: ['CMD', 'node', 'runner/health/check.ts'] },
    });
  });

  it('starts new runners before it stops old ones, and goes back when they do not start', () => {
    template.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: 1,
      DeploymentConfiguration: Match.objectLike({
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      }),
      AvailabilityZoneRebalancing: 'DISABLED',
    });
  });

  it('tells a runner what it asks for', () => {
    const environment = NameAndValue.parse(container['Environment']);
    for (const { Name, Value } of environment) vi.stubEnv(Name, resolved(Value));
    expect(readRunnerEnv()).toMatchObject({
      STORAGE: 'aws',
      QUEUE_URL_BASE: 'https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-',
      SHARD_COUNT: 4,
      ALLOW_PRIVATE_URLS: false,
      PACE: true,
      HEALTH_PORT: 8080,
      METRICS: 'emf',
    });
  });

  it('lets a runner read, write and delete media, and give up half an upload', () => {
    const statements = policyStatements(template.toJSON()).map(({ statement }) => statement);
    const media = statements.filter(({ Sid }) => /Media/.test(String(Sid)));
    expect(media.map(({ Sid, Action }) => [Sid, [Action].flat()])).toEqual([
      ['Media', ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject']],
      ['AllMedia', ['s3:ListBucket']],
    ]);
    expect(resolved(media[0]?.Resource?.[0])).toMatch(/MediaBucket.*\/\*$/);
    expect(resolved(media[1]?.Resource?.[0])).toMatch(/MediaBucket[^/]*$/);
  });

  it('lets a runner protect its own task and those of no other cluster', () => {
    const protection = policyStatements(template.toJSON()).find(
      ({ statement }) => statement['Sid'] === 'Protection',
    );
    expect(protection?.statement).toMatchObject({
      Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      Condition: { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.any(String), 'Arn'] } } },
    });
  });

  it('hears of every task of its cluster that has stopped, and keeps what it could not tell', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: {
          clusterArn: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Cluster'), 'Arn'] }],
          lastStatus: ['STOPPED'],
        },
      },
      Targets: [
        Match.objectLike({
          DeadLetterConfig: { Arn: Match.anyValue() },
          RetryPolicy: { MaximumRetryAttempts: 8, MaximumEventAgeInSeconds: 600 },
        }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it('tells the function of stopped runners what it asks for, and lets it touch runners alone', () => {
    const [stopped] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(
      ([id]) => id.startsWith('Stopped'),
    );
    const variables = stopped?.[1]['Properties'].Environment.Variables ?? {};
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, resolved(value));
    expect(readStoppedEnv()).toMatchObject({ STORAGE: 'aws', METRICS: 'emf' });
    const runners = policyStatements(template.toJSON()).find(
      ({ statement }) => statement['Sid'] === 'Runners',
    );
    expect(runners?.statement['Condition']).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [keys.runner('').pk] },
    });
  });

  it('follows the sessions only where it is told to', () => {
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
    const scaling = Template.fromStack(large);
    scaling.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 9,
    });
    scaling.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        TargetValue: 40,
        ScaleInCooldown: 1_800,
        CustomizedMetricSpecification: {
          Namespace: METRICS_NAMESPACE,
          MetricName: 'SessionsHeld',
          Statistic: 'Average',
          Unit: 'Count',
        },
      }),
    });
    scaling.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
  });
});

function containerOf(template: Template): Record<string, unknown> {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  return task?.['Properties'].ContainerDefinitions[0];
}

function assignedAddress(template: Template): unknown {
  const [service] = Object.values(template.findResources('AWS::ECS::Service'));
  return service?.['Properties'].NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp;
}
