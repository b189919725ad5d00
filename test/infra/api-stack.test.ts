import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { readEnv } from '#functions/env.ts';
import { type Group, routeKeyOf, routes } from '#functions/routes.ts';
import { keys } from '#shared/repositories/keys.ts';
import { ApiStack } from '../../infra/api-stack.ts';
import { readConfig } from '../../infra/config.ts';
import { DataStack } from '../../infra/data-stack.ts';
import { policyStatements, quickApp, resolved, type Statement } from './synthesized.ts';

const GROUPS = [...new Set(routes.map(({ group }) => group))];

describe('the API stack', () => {
  const app = quickApp();
  const config = readConfig({
    corsOrigins: 'https://app.example.com',
    domainName: 'api.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1',
    hostedZoneId: 'Z1',
    hostedZoneName: 'example.com',
    throttleRate: 7,
  });
  const data = new DataStack(app, 'Data', { config });
  const template = Template.fromStack(new ApiStack(app, 'Api', { config, data }));
  afterEach(() => vi.unstubAllEnvs());

  it('has the routes of the route table, one to one, each to the Lambda of its group', () => {
    const integrations = template.findResources('AWS::ApiGatewayV2::Integration');
    const found = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map((route) => {
      const { RouteKey, Target } = route['Properties'];
      const integration = integrations[Target['Fn::Join'][1][1].Ref];
      return `${RouteKey} ${resolved(integration?.['Properties'].IntegrationUri)}`;
    });
    const wanted = routes.map((route) => `${routeKeyOf(route)} ${functionOf(route.group).id}.Arn`);
    expect(found.sort()).toEqual(wanted.sort());
  });

  it('may have each of its Lambdas called by itself alone', () => {
    template.resourceCountIs('AWS::Lambda::Permission', GROUPS.length);
    template.allResourcesProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': [
          '',
          Match.arrayWith([':execute-api:', { Ref: Match.stringLikeRegexp('^Api') }]),
        ],
      },
    });
  });

  it.each(GROUPS)('runs the group %s on Node 24, on ARM, within the time of a call', (group) => {
    expect(functionOf(group).properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      Timeout: 29,
    });
    expect(functionOf(group).properties['MemorySize']).toBeGreaterThanOrEqual(512);
  });

  it.each(GROUPS)('tells the group %s what it asks for', (group) => {
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(functionOf(group).properties['Environment']);
    for (const [name, value] of Object.entries(Variables)) vi.stubEnv(name, resolved(value));
    expect(readEnv()).toMatchObject({
      STORAGE: 'aws',
      QUEUE_URL_BASE: 'https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-',
      OPEN_REGISTRATION: false,
      ALLOW_PRIVATE_URLS: false,
      PACE: true,
      MESSAGES_PER_MINUTE: 3_000,
      SHARD_COUNT: 4,
    });
  });

  it('lets each group do to the table what it needs, and ring where it must', () => {
    const rights = new Map(GROUPS.map((group) => [group, rightsOf(group)]));
    expect(rights.get('health')).toEqual(['dynamodb:GetItem']);
    expect(rights.get('webhooks')).toContain('sqs:SendMessage');
    expect(rights.get('settings')).toContain('sqs:SendMessage');
    expect(rights.get('auth')).not.toContain('sqs:SendMessage');
    expect(rights.get('messages')).toContain('sqs:SendMessage');
    expect(rights.get('instances')).not.toContain('dynamodb:DeleteItem');
    for (const group of GROUPS) {
      const readsSecret = rights.get(group)?.includes('secretsmanager:GetSecretValue');
      expect(readsSecret, group).toBe(!['health', 'docs', 'fallback'].includes(group));
    }
  });

  it('lets the messages read and write media, the attachments delete them too, the bots look for them, and no other group touch any', () => {
    const withMedia: readonly string[] = ['messages', 'attachments', 'bot'];
    expect(rightsOf('bot').filter((right) => right.startsWith('s3:'))).toEqual([
      's3:GetObject',
      's3:ListBucket',
    ]);
    for (const group of GROUPS.filter((name) => !withMedia.includes(name))) {
      expect(rightsOf(group).filter((right) => right.startsWith('s3:'))).toEqual([]);
    }
    const statements = statementsOf('messages').filter(({ Sid }) => /Media/.test(String(Sid)));
    expect(statements.map(({ Sid, Action }) => [Sid, [Action].flat()])).toEqual([
      ['Media', ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject']],
      ['AllMedia', ['s3:ListBucket']],
    ]);
    const resources = statements.map(({ Resource }) => resolved(Resource?.[0]));
    expect(resources[0]).toMatch(/MediaBucket.*\/\*$/);
    expect(resources[1]).toMatch(/MediaBucket[^/]*$/);
  });

  it('lets the fallback ask the other groups, and nothing else', () => {
    expect(rightsOf('fallback')).toEqual(['lambda:InvokeFunction']);
    const [invoke] = statementsOf('fallback').filter(({ Sid }) => Sid === 'Groups');
    expect(invoke?.Resource).toHaveLength(GROUPS.length - 1);
  });

  it('lets the public health check read the one record that it looks for, and its like', () => {
    const [table] = statementsOf('health').filter(({ Sid }) => Sid === 'Table');
    const pattern = 'SHARD#*';
    expect(table?.['Condition']).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
    });
    expect(keys.shard(0).pk.startsWith(pattern.slice(0, -1))).toBe(true);
  });

  it('keeps the contacts to what lies with accounts, and lets them ring nobody', () => {
    const [table] = statementsOf('contacts').filter(({ Sid }) => Sid === 'Table');
    const pattern = 'ACCOUNT#*';
    expect(table?.['Condition']).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
    });
    const asked = [keys.contact('a', 'b'), keys.apiKey('a', 'b'), keys.refresh('a', 'b')];
    for (const { pk } of asked) expect(pk.startsWith(pattern.slice(0, -1))).toBe(true);
    expect(rightsOf('contacts')).not.toContain('sqs:SendMessage');
  });

  it('keeps the attachments to what lies with accounts, and to the way there from a session', () => {
    const [table] = statementsOf('attachments').filter(({ Sid }) => Sid === 'Table');
    const patterns = ['ACCOUNT#*', 'SESSION#*'];
    expect(table?.['Condition']).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    });
    expect(keys.session('a').pk.startsWith('SESSION#')).toBe(true);
    expect(keys.attachment('a', 'b').pk).toBe(keys.instance('a', 'b').pk);
    expect(rightsOf('attachments')).toContain('s3:DeleteObject');
    expect(rightsOf('attachments')).not.toContain('sqs:SendMessage');
  });

  it('keeps the bots to their instances, to what accounts have, and to the way from a session', () => {
    const [table] = statementsOf('bot').filter(({ Sid }) => Sid === 'Table');
    expect(table?.['Condition']).toEqual({
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': ['ACCOUNT#*', 'SESSION#*', 'INSTANCE#*'],
      },
    });
    const asked = [keys.keyword('a', 'b'), keys.keywords('a'), keys.botChat('a', 'b')];
    for (const { pk } of asked) expect(pk.startsWith('INSTANCE#')).toBe(true);
    expect(rightsOf('bot')).not.toContain('sqs:SendMessage');
  });

  it('makes a secret for access tokens that nobody has to choose', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  it('writes one line for every call, without anything that may hold a token', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings, DefaultRouteSettings } = stage?.['Properties'] ?? {};
    expect(DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 7,
      ThrottlingBurstLimit: 200,
    });
    const line = z.record(z.string(), z.string()).parse(JSON.parse(AccessLogSettings.Format));
    expect(line).toMatchObject({ requestId: '$context.requestId', route: '$context.routeKey' });
    for (const value of Object.values(line)) {
      expect(value).toMatch(
        /^\$context\.(?:requestId|requestTimeEpoch|routeKey|status|identity\.sourceIp|responseLatency|integrationLatency|responseLength|error\.message|integrationErrorMessage)$/,
      );
    }
  });

  it('keeps every log for a time, not for ever', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', GROUPS.length + 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  it('is open to the pages that were named, under the domain that was named alone', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      DisableExecuteApiEndpoint: true,
      CorsConfiguration: Match.objectLike({
        AllowOrigins: ['https://app.example.com'],
        AllowCredentials: Match.absent(),
      }),
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'api.example.com',
      DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2' })],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.' });
    template.hasOutput('ApiUrl', { Value: 'https://api.example.com/' });
  });

  function functionOf(group: Group): { id: string; properties: Record<string, unknown> } {
    const [found] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith(group),
    );
    if (!found) throw new Error(`There is no function of ${group}.`);
    return { id: found[0], properties: found[1]['Properties'] };
  }

  function statementsOf(group: Group): Statement[] {
    return Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith(group))
      .flatMap(([, policy]) => policyStatements(policy))
      .map(({ statement }) => statement);
  }

  /** Without that of writing its own log. */
  function rightsOf(group: Group): string[] {
    const actions = statementsOf(group).flatMap(({ Action }) => z.array(z.string()).parse(Action));
    return actions.filter((action) => !action.startsWith('logs:'));
  }
});
