/** Every code that an answer of the API may carry in `error.code`. */
export type ErrorCode =
  | 'validation_failed'
  | 'malformed_body'
  | 'unauthorized'
  | 'token_expired'
  | 'forbidden'
  | 'not_found'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'email_taken'
  | 'already_linked'
  | 'not_started'
  | 'not_linked'
  | 'not_connected'
  | 'too_late'
  | 'idempotency_mismatch'
  | 'message_failed'
  | 'payload_too_large'
  | 'unsupported_encoding'
  | 'headers_too_large'
  | 'request_timeout'
  | 'too_many_requests'
  | 'too_many_instances'
  | 'too_many_webhooks'
  | 'webhook_disabled'
  | 'too_many_keywords'
  | 'too_many_contacts'
  | 'too_many_attachments'
  | 'runner_timeout'
  | 'unavailable'
  | 'internal'
  | 'not_available';

/** One fault of the input: `path` is where it is ("config.webhookUrl"), `message` what is wrong with it. */
export type ErrorDetail = { readonly path: string; readonly message: string };

type DomainErrorOptions = ErrorOptions & {
  readonly details?: readonly ErrorDetail[];
  /** When it makes sense to try again. */
  readonly retryAfterS?: number;
  /** The methods that there are, when it is the method that is wrong. */
  readonly allow?: readonly string[];
};

/** An expected refusal. Its message is for the caller and holds no secret. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly retryAfterS: number | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details;
    this.retryAfterS = options.retryAfterS;
    this.allow = options.allow;
  }
}
