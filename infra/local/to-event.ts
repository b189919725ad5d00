import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export type Call = {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly routeKey: string;
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly now: Date;
};

/** What API Gateway passes on as text; every other body comes in base64, forms too. */
const TEXT_TYPES = /^(?:text\/.*|application\/(?:json|xml|javascript|.*\+(?:json|xml)))$/;

/** The event that API Gateway would make of the call (payload format 2.0). */
export function toEvent(call: Call): APIGatewayProxyEventV2 {
  const { request, params } = call;
  const { path, rawQueryString } = splitUrl(request.url ?? '/');
  const { headers, cookies } = readHeaders(request);
  const query = joinedQuery(rawQueryString);
  return {
    version: '2.0',
    routeKey: call.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    requestContext: requestContext(call, { path, headers }),
    ...bodyFields(call.body, headers['content-type']),
  };
}

/** The path as it was sent, still escaped, and what follows the first question mark. */
export function splitUrl(url: string): { path: string; rawQueryString: string } {
  // RFC 9112 §3.2.2: a client may send the whole URL.
  const origin = /^[a-z]+:\/\/[^/?]*/i.exec(url)?.[0] ?? '';
  const [path = '', ...rest] = url.slice(origin.length).split('?');
  return { path: path || '/', rawQueryString: rest.join('?') };
}

function requestContext(
  { request, routeKey, requestId, now }: Call,
  { path, headers }: { path: string; headers: Record<string, string> },
): APIGatewayProxyEventV2['requestContext'] {
  const domainName = headers['host'] ?? 'localhost';
  return {
    accountId: 'local',
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? domainName,
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: '$default',
    time: now.toISOString(),
    timeEpoch: now.getTime(),
  };
}

/** Names in lower case, repeated headers joined by commas, cookies apart. */
function readHeaders(request: IncomingMessage): {
  headers: Record<string, string>;
  cookies: string[];
} {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (name === 'cookie') cookies.push(...values.flatMap((value) => value.split(/; */)));
    else headers[name] = values.join(',');
  }
  return { headers, cookies };
}

/** API Gateway joins the values of a repeated field with commas. */
function joinedQuery(rawQueryString: string): Record<string, string> {
  const fields = new URLSearchParams(rawQueryString);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => [name, fields.getAll(name).join(',')]),
  );
}

function bodyFields(
  body: Buffer,
  contentType = 'text/plain',
): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false };
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // What is no text cannot come as one: the Lambda is to see that, too.
  const isBase64Encoded = !TEXT_TYPES.test(mediaType) || !isUtf8(body);
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}
