import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Reply } from './reply.ts';

/** API Gateway's form of a reply (payload format 2.0): bytes travel as base64. */
export function toResult({ status, headers, body }: Reply): APIGatewayProxyStructuredResultV2 {
  switch (body.kind) {
    case 'none':
      return { statusCode: status, headers };
    case 'json':
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body.json),
      };
    case 'text':
      return {
        statusCode: status,
        headers: { 'content-type': body.contentType, ...headers },
        body: body.text,
      };
    case 'bytes':
      return {
        statusCode: status,
        headers: { 'content-type': body.contentType, ...headers },
        body: Buffer.from(body.bytes).toString('base64'),
        isBase64Encoded: true,
      };
  }
}
