/** Why a file is not sent, or not fetched, however often it is tried. */
export type MediaFailureCode =
  /** It is not where it was, or no longer. */
  | 'media_gone'
  | 'media_empty'
  | 'media_too_large'
  /** Its bytes are not what its kind of message shows. */
  | 'media_type_refused'
  /** The URL is not to be dialled, or leads to one that is not. */
  | 'media_url_refused'
  /** The URL answers with no file. */
  | 'media_url_failed'
  | 'media_upload_refused'
  /** Its bytes are not those that were sent. */
  | 'media_damaged'
  /** WhatsApp's media hosts did not give it. */
  | 'media_unreachable';

export type MediaFailure = {
  readonly kind: 'failed';
  readonly code: MediaFailureCode;
  /** For the customer. */
  readonly message: string;
};

/**
 * Ends a stream that is on its way from one place to another, with why. It never leaves this folder: `asFailure` makes
 * an outcome of it.
 */
export class MediaFailed extends Error {
  override readonly name = 'MediaFailed';
  readonly code: MediaFailureCode;

  constructor(code: MediaFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Throws again what is not final. */
export function asFailure(error: unknown): MediaFailure {
  if (!(error instanceof MediaFailed)) throw error;
  return { kind: 'failed', code: error.code, message: error.message };
}

/** Something between us and a file is away just now: another try may find it. */
export class MediaUnavailable extends Error {
  override readonly name: string = 'MediaUnavailable';
}

/** It is the customer's URL that is away. */
export class UrlUnavailable extends MediaUnavailable {
  override readonly name = 'UrlUnavailable';
}
