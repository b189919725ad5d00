/** Why a Signal operation failed; the receiving phone decides by it what to answer. */
export type SignalErrorCode =
  | 'duplicate'
  | 'no_session'
  | 'bad_mac'
  | 'unknown_pre_key'
  | 'malformed'
  | 'bad_signature'
  | 'too_far_ahead';

/** A message or bundle that the Signal protocol refuses. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
  readonly code: SignalErrorCode;

  constructor(code: SignalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
