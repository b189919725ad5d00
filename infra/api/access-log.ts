import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';

/**
 * Tokens travel in the query, the body and headers, and ids in the path: none of these is written, and the route
 * stands for the path. `requestId` is the `x-request-id` of the answer and of the Lambda's own log.
 */
const FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  ip: '$context.identity.sourceIp',
  ms: '$context.responseLatency',
  lambdaMs: '$context.integrationLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  lambdaError: '$context.integrationErrorMessage',
} as const;

/** One line of JSON for every call, those that no Lambda sees too. */
export function accessLog(scope: Construct, config: Config): IAccessLogSettings {
  const logGroup = new LogGroup(scope, 'AccessLog', {
    // CloudWatch's policy for deliveries has room for few groups, but for all under this name by one entry.
    logGroupName: `/aws/vendedlogs/${config.prefix}/api`,
    retention: config.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return {
    destination: new LogGroupLogDestination(logGroup),
    format: AccessLogFormat.custom(JSON.stringify(FIELDS)),
  };
}
