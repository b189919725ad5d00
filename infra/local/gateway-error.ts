import { HTTP_STATUS } from '#functions/http/error-reply.ts';
import type { ErrorCode } from '#shared/domain/error.ts';
import type { HttpAnswer } from './write-result.ts';

/** The messages of what the gateway refuses by itself, before or instead of a Lambda. */
const MESSAGES = {
  payload_too_large:
    'The body is too large. A file of more than 4.5 MB is uploaded as an attachment, which a message names.',
  headers_too_large: 'The headers are too large.',
  request_timeout: 'The request took too long to arrive.',
  malformed_body: 'This is not a valid HTTP request.',
  unavailable: 'Service Unavailable',
  internal: 'Internal Server Error',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type GatewayErrorCode = keyof typeof MESSAGES;

/** A refusal in the API's own shape. */
export function gatewayError(code: GatewayErrorCode, requestId?: string): HttpAnswer {
  const message = MESSAGES[code];
  return {
    status: HTTP_STATUS[code],
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(requestId !== undefined && { 'x-request-id': requestId }),
    },
    body: Buffer.from(JSON.stringify({ status: false, message, error: { code } })),
  };
}

/** The same as bytes for a socket that never had a whole request. */
export function rawGatewayError(code: GatewayErrorCode): string {
  const { status, headers, body } = gatewayError(code);
  const lines = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} Refused\r\n${head}\r\n${body.toString()}`;
}
