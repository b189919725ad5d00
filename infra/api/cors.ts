import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Config } from '../config.ts';

/** How long a browser need not ask again. */
const PREFLIGHT_AGE = Duration.hours(1);

/** Pages of these origins may call the API, with the headers that it reads and gives. No origin, no CORS at all. */
export function corsPreflight({ corsOrigins }: Config): CorsPreflightOptions | undefined {
  if (corsOrigins.length === 0) return undefined;
  return {
    allowOrigins: corsOrigins,
    allowMethods: [
      CorsHttpMethod.GET,
      CorsHttpMethod.POST,
      CorsHttpMethod.PUT,
      CorsHttpMethod.DELETE,
    ],
    allowHeaders: [
      'authorization',
      'content-type',
      'x-refresh',
      'x-session-id',
      'x-instance-token',
      'x-message-id',
    ],
    exposeHeaders: ['deprecation', 'retry-after', 'x-access-token', 'x-request-id'],
    maxAge: PREFLIGHT_AGE,
  };
}
