import { HTTP_STATUS } from '#functions/http/error-reply.ts';
import type { Auth } from '#functions/routes.ts';
import type { ErrorCode } from '#shared/domain/error.ts';

/** When each code is answered. */
export const ERROR_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  validation_failed: 'a field is missing or wrong; `details` has the path of each fault',
  malformed_body: 'the body is no JSON object and no form',
  unauthorized: 'the credentials are missing or wrong',
  token_expired: 'the access token has expired, and no good refresh token came along',
  forbidden: 'these credentials do not suffice',
  not_found: 'it is not there, or is not yours',
  route_not_found: 'there is no such route',
  method_not_allowed: 'the path has other methods; `Allow` names them',
  request_timeout: 'the request did not come to its end in time',
  email_taken: 'there is an account with this address',
  already_linked: 'a phone is linked; log it out first',
  not_started: 'the session has not been started, or WhatsApp gave no code',
  not_linked: 'no phone is linked, or nobody has started the instance',
  not_connected: 'the instance is not connected: what is done at once waits for no session',
  too_late: 'the message has come too far for this, or is too old or of the wrong kind',
  idempotency_mismatch: 'this `Idempotency-Key` came with another call before',
  message_failed: 'the message failed while the call waited for it; `details` has the code',
  too_many_instances: 'the account has as many instances as it may have',
  too_many_webhooks: 'the instance has as many webhooks as it may have',
  webhook_disabled: 'the webhook is disabled and gets no events; set it anew first',
  too_many_keywords: 'the instance has as many keyword rules as it may have',
  too_many_contacts: 'the account has as many contacts as it may have',
  too_many_attachments: 'the account has as many attachments as it may have',
  payload_too_large: 'the body is larger than is allowed',
  unsupported_encoding: 'the body is compressed; send it as it is',
  too_many_requests: 'too many calls; `Retry-After` says when to try again',
  headers_too_large: 'the headers are larger than is allowed',
  internal: 'something went wrong on our side',
  not_available: 'this installation cannot do it; the message says what does it here',
  unavailable: 'for the moment it cannot be done; try again',
  runner_timeout: 'WhatsApp did not answer in time; try again',
};

/** Any call may be answered so: a GET may carry a body, too. */
const OF_EVERY_CALL: readonly ErrorCode[] = [
  'malformed_body',
  'payload_too_large',
  'unsupported_encoding',
  'internal',
  'unavailable',
];

const OF_CREDENTIALS: Readonly<Record<Auth, readonly ErrorCode[]>> = {
  none: [],
  account: ['unauthorized', 'token_expired'],
  // Two places may name another instance each, or none of them any.
  instance: ['unauthorized', 'token_expired', 'validation_failed', 'not_found'],
  either: ['unauthorized', 'token_expired', 'validation_failed', 'not_found'],
};

type Call = {
  readonly auth: Auth;
  readonly path: string;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  readonly further: readonly ErrorCode[];
};

/** All codes that may answer a call, by their statuses. */
export function errorsOf(call: Call): ReadonlyMap<number, readonly ErrorCode[]> {
  const { auth, path, hasBody, hasQuery, further } = call;
  const codes = new Set<ErrorCode>([
    ...(hasBody || hasQuery ? (['validation_failed'] as const) : []),
    ...OF_EVERY_CALL,
    ...OF_CREDENTIALS[auth],
    ...(path.includes('{') ? (['not_found'] as const) : []),
    ...further,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = HTTP_STATUS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
