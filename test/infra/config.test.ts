import { describe, expect, it } from 'vitest';
import { readConfig } from '../../infra/config.ts';

describe('the configuration', () => {
  it('is a small and closed system when nothing is said', () => {
    expect(readConfig({})).toMatchObject({
      prefix: 'whatsapp-bots',
      shardCount: 4,
      runnersMin: 1,
      runnersMax: 1,
      network: 'public',
      pace: 'on',
      corsOrigins: [],
      openRegistration: false,
      messagesPerMinute: 3_000,
      containerInsights: false,
    });
  });

  it('takes text from the command line, and types from cdk.json', () => {
    const said = {
      shardCount: '8',
      openRegistration: 'true',
      pace: 'off',
      messagesPerMinute: '0',
      corsOrigins: 'https://a.test, https://b.test',
    };
    expect(readConfig(said)).toMatchObject({
      shardCount: 8,
      messagesPerMinute: 0,
      pace: 'off',
      openRegistration: true,
      corsOrigins: ['https://a.test', 'https://b.test'],
    });
    expect(readConfig({ openRegistration: true, corsOrigins: ['https://a.test'] })).toMatchObject({
      openRegistration: true,
      corsOrigins: ['https://a.test'],
    });
  });

  it('leaves alone what is said to CDK itself', () => {
    const cdk = {
      'aws:cdk:bundling-stacks': [],
      '@aws-cdk/aws-iam:minimizePolicies': true,
      'acknowledged-issue-numbers': [1],
      'availability-zones:account=1:region=eu-west-1': ['eu-west-1a'],
    };
    expect(readConfig(cdk)).toEqual(readConfig({}));
  });

  it('refuses a misspelt name', () => {
    expect(() => readConfig({ shardcount: 3 })).toThrow(/shardcount/);
  });

  it('tells all faults at once, of single values and of values together', () => {
    const faulty = {
      shardCount: '0',
      logRetentionDays: 2,
      corsOrigins: 'https://a.test/page',
      openRegistration: 'yes',
      runnersMin: 3,
      runnerMemoryMib: 4096,
      domainName: 'api.example.com',
      hostedZoneId: 'Z1',
    };
    const faultOf = () => readConfig(faulty);
    for (const name of Object.keys(faulty).filter((name) => name !== 'runnersMin')) {
      expect(faultOf).toThrow(new RegExp(`at ${name}\\b`));
    }
    expect(faultOf).toThrow(/at runnersMax/);
    expect(faultOf).toThrow(/hostedZoneName/);
    expect(faultOf).toThrow(/certificateArn/);
  });

  it.each([
    { runnerCpu: 256, runnerMemoryMib: 512 },
    { runnerCpu: 512, runnerMemoryMib: 4096 },
    { runnerCpu: 4096, runnerMemoryMib: 30720 },
  ])('takes the sizes that Fargate has: $runnerCpu with $runnerMemoryMib', (size) => {
    expect(readConfig(size)).toMatchObject(size);
  });

  it.each([
    { runnerCpu: 512, runnerMemoryMib: 512 },
    { runnerCpu: 256, runnerMemoryMib: 1536 },
    { runnerCpu: 300, runnerMemoryMib: 1024 },
  ])('refuses the sizes that it has not: $runnerCpu with $runnerMemoryMib', (size) => {
    expect(() => readConfig(size)).toThrow(/no such size/);
  });
});
