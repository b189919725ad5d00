import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { lambdaContext } from '../../infra/local/lambda-context.ts';

const AT = new Date('2026-11-22T12:00:00Z');

type Call = {
  /** `POST /whatsapp/init`, as the route is registered; the path of the call, too, unless it has another. */
  readonly routeKey: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly sourceIp?: string;
};

/**
 * The event that API Gateway's HTTP API makes of a call, on a stage with a name: names of headers in lower case, the
 * stage in front of the raw path, cookies apart, and a body without a type of its own in base64.
 */
export function anEvent({
  routeKey,
  query = '',
  headers = {},
  ...call
}: Call): APIGatewayProxyEventV2 {
  const [method = '', routePath = ''] = routeKey.split(' ');
  const rawPath = `/live${call.path ?? routePath}`;
  const requestId = 'JKJaXmPLvHcESHA=';
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    cookies: ['session=none', 'theme=dark'],
    headers: { host: 'api.example.com', 'x-forwarded-for': '203.0.113.99', ...headers },
    ...(call.params && { pathParameters: { ...call.params } }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'r3pmxmplak',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: call.sourceIp ?? '203.0.113.7',
        userAgent: 'test',
      },
      requestId,
      routeKey,
      stage: 'live',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: AT.getTime(),
    },
    isBase64Encoded: call.json !== undefined,
    ...(call.json !== undefined && {
      body: Buffer.from(JSON.stringify(call.json)).toString('base64'),
    }),
  };
}

/** Lambda's own context of a call. */
export function aContext(functionName = 'whatsapp-bots-messages'): Context {
  return lambdaContext({
    name: functionName,
    requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
    startedAt: AT,
    timeoutMs: 10_000,
    now: () => AT,
  });
}
