import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { addStacks, type System } from '../../infra/add-stacks.ts';
import { policyStatements, quickApp } from './synthesized.ts';

/** Where a `*` stands in a right, and why it cannot be narrower. */
const WILDCARDS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^kms:\* on \*$/,
    'In the policy of a key, `*` is that key, and the account must keep its power over it.',
  ],
  [/^ecr:GetAuthorizationToken on \*$/, 'It knows no resource.'],
  [/^sqs:\w+ on arn:.*:whatsapp-bots-shard-\*\.fifo$/, 'There are too many shards to name each.'],
  [/^s3:\w+ on .*AuthBucket.*\/auth\/\*$/, 'A runner may hold any instance.'],
  [/^s3:\w+ on .*MediaBucket.*\/\*$/, 'Calls and sessions are of any account.'],
  [/^ecs:\w+TaskProtection on arn:.*:task\/.*\/\*$/, 'Tasks are named when they start.'],
];

describe('the whole system', () => {
  const app = quickApp({ alarmEmail: 'on-call@example.com' });
  let system: System;
  let templates: { name: string; template: Template }[];
  beforeAll(() => {
    system = addStacks(app);
    const stacks = [system.data, system.api, system.runner, system.operations];
    templates = stacks.map((stack) => ({
      name: stack.stackName,
      template: Template.fromStack(stack),
    }));
  });

  it('is stacks that say what they are', () => {
    expect(templates.map(({ name }) => name)).toEqual([
      'WhatsappBotsData',
      'WhatsappBotsApi',
      'WhatsappBotsRunner',
      'WhatsappBotsOperations',
    ]);
    for (const { template } of templates) {
      expect(template.toJSON()['Description']).toMatch(/^WhatsApp bots: /);
    }
  });

  it('gives no right to everything, but where there is a reason', () => {
    const wide = templates.flatMap(({ template }) => wideRights(template.toJSON()));
    const unexplained = wide.filter((right) => !WILDCARDS.some(([pattern]) => pattern.test(right)));
    expect(unexplained).toEqual([]);
    const unused = WILDCARDS.filter(([pattern]) => !wide.some((right) => pattern.test(right)));
    expect(unused).toEqual([]);
  });

  it('leaves nothing for cdk-nag to find', () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
    const faulty = new Stack(new App(), 'Faulty');
    new Bucket(faulty, 'Open');
    const rules = new AwsSolutionsChecks()
      .validateScope(faulty)
      .violations.map(({ ruleName }) => ruleName);
    expect(rules).toContain('AwsSolutions-S10');
  });

  it('says why of everything that cdk-nag was told to pass over', () => {
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.values(data));
    expect(reasons.length).toBeGreaterThan(10);
    for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(30);
  });

  it('builds the image from what it is made of, and nothing else', () => {
    const staged = readdirSync(app.outdir).filter((name) => name.startsWith('asset.'));
    const images = staged
      .map((name) => readdirSync(join(app.outdir, name)))
      .filter((files) => files.includes('Dockerfile'));
    expect(images).toHaveLength(1);
    expect(images[0]?.filter((file) => !file.startsWith('.')).sort()).toEqual([
      'Dockerfile',
      'package-lock.json',
      'package.json',
      'runner',
      'shared',
    ]);
  });

  it('watches over what must be looked at, and calls somebody', () => {
    const { template } = templates[3] ?? {};
    if (!template) throw new Error('There is no stack of operations.');
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const names = alarms.map(({ Properties }) => Properties.AlarmName).sort();
    expect(names).toEqual(
      [
        'ApiFails',
        'ApiSlow',
        'DeadLetters',
        'NoRunner',
        'RunnersDied',
        'SessionsDown',
        'WebhooksFail',
      ].map((name) => `whatsapp-bots-${name}`),
    );
    const topic = { Ref: Match.stringLikeRegexp('^Alarms') };
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [topic],
      OKActions: [topic],
      AlarmDescription: Match.stringLikeRegexp('.{20}'),
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('takes the silence of all runners for the worst news', () => {
    templates[3]?.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-bots-NoRunner',
      Namespace: 'WhatsappBots',
      MetricName: 'SessionsHeld',
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('looks for dead letters where they go', () => {
    const queues = templates.flatMap(({ template }) =>
      Object.values(template.findResources('AWS::SQS::Queue')).map(
        ({ Properties }) => Properties.QueueName,
      ),
    );
    const dead = queues.filter((name) => name.includes('-dead'));
    expect(dead).toHaveLength(2);
    const operations = JSON.stringify(templates[3]?.template.toJSON());
    for (const name of dead) expect(operations).toContain(`"${name}"`);
  });
});

/** `action on resource` of every right that has a `*` in either; what is denied is no right. */
function wideRights(template: unknown): string[] {
  return policyStatements(template)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ statement }) =>
      statement.Action.flatMap((action) =>
        (statement.Resource ?? []).map((resource) => `${action} on ${flat(resource)}`),
      ),
    )
    .filter((right) => right.includes('*'));
}

/** As much of a resource as tells what it is. */
function flat(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  if (typeof resource !== 'object' || resource === null) return '';
  return Object.values(resource).flat(3).map(flat).join('');
}
