import { DomainError, type ErrorCode } from '#shared/domain/error.ts';
import type { Reply } from './reply.ts';

export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  validation_failed: 400,
  malformed_body: 400,
  unauthorized: 401,
  token_expired: 401,
  forbidden: 403,
  not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  email_taken: 409,
  already_linked: 409,
  not_started: 409,
  not_linked: 409,
  not_connected: 409,
  too_late: 409,
  too_many_instances: 409,
  too_many_webhooks: 409,
  webhook_disabled: 409,
  too_many_keywords: 409,
  too_many_contacts: 409,
  too_many_attachments: 409,
  payload_too_large: 413,
  unsupported_encoding: 415,
  idempotency_mismatch: 422,
  message_failed: 422,
  too_many_requests: 429,
  headers_too_large: 431,
  internal: 500,
  not_available: 501,
  unavailable: 503,
  runner_timeout: 504,
};

/** The answer to a refusal: `{status: false, message, error: {code, details?}}`. */
export function errorReply(error: DomainError): Reply {
  const { code, message, details } = error;
  return {
    status: HTTP_STATUS[code],
    headers: errorHeaders(error),
    body: {
      kind: 'json',
      json: { status: false, message, error: { code, ...(details && { details }) } },
    },
  };
}

function errorHeaders({ code, message, retryAfterS, allow }: DomainError): Record<string, string> {
  return {
    ...(allow && { allow: allow.join(', ') }),
    // RFC 9110 §15.5.16: it tells what would be taken.
    ...(code === 'unsupported_encoding' && { 'accept-encoding': 'identity' }),
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    ...(code === 'unauthorized' && { 'www-authenticate': 'Bearer' }),
    // RFC 6750 §3.1.
    ...(code === 'token_expired' && {
      'www-authenticate': `Bearer error="invalid_token", error_description="${message}"`,
    }),
  };
}

/** An expected refusal as it is, and anything else as `internal`: its cause is for the log alone. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof Error && error.name === MIDDY_TIMEOUT) {
    return new DomainError('unavailable', 'The call took too long.', { cause: error });
  }
  return new DomainError('internal', 'Something went wrong on our side.', { cause: error });
}

/** The name of middy's error when the Lambda's time is nearly over. */
const MIDDY_TIMEOUT = 'TimeoutError';
