import type { ServerResponse } from 'node:http';
import type { APIGatewayProxyResultV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
};

/** API Gateway's reading of what a Lambda returned: without a `statusCode` it is the body of a 200. */
export function toAnswer(result: APIGatewayProxyResultV2): HttpAnswer {
  if (typeof result === 'string') return inferred(result);
  if (typeof result !== 'object' || !('statusCode' in result)) {
    return inferred(JSON.stringify(result));
  }
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded } = result;
  return {
    status: statusCode,
    headers: {
      ...asText(headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Writes the answer, unless the caller has gone. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed || response.headersSent) return;
  const isBodiless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(!isBodiless && { 'content-length': answer.body.length }),
  });
  response.end(isBodiless ? undefined : answer.body);
}

function inferred(body: string): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(body),
  };
}

function asText(
  headers: NonNullable<APIGatewayProxyStructuredResultV2['headers']>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
