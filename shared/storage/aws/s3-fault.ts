const PRECONDITION_FAILED = 412;
const CONFLICT = 409;

/** An answer began, and its body broke off; the retries of the SDK end at the head of an answer. */
export class BrokenBody extends Error {
  override readonly name = 'BrokenBody';

  constructor(options: ErrorOptions) {
    super('The blob broke off in the middle.', options);
  }
}

/** There is no such blob. */
export function isMissing(fault: unknown): boolean {
  // The answer to a HEAD has no body that could say more than 404.
  return fault instanceof Error && (fault.name === 'NoSuchKey' || fault.name === 'NotFound');
}

/** There is no such multipart upload: it was completed or aborted. */
export function isUploadGone(fault: unknown): boolean {
  return fault instanceof Error && fault.name === 'NoSuchUpload';
}

/** `If-None-Match: *` found a blob. */
export function isTaken(fault: unknown): boolean {
  return statusOf(fault) === PRECONDITION_FAILED;
}

/** Another write of the same key was under way (`ConditionalRequestConflict`); S3 says to try again. */
export function isConflict(fault: unknown): boolean {
  return statusOf(fault) === CONFLICT;
}

/** By the status and not by the SDK's classes, so that nobody loads S3 who only has blobs at hand. */
function statusOf(fault: unknown): number | undefined {
  if (!(fault instanceof Error)) return undefined;
  const { $metadata }: Error & { $metadata?: { httpStatusCode?: number } } = fault;
  return $metadata?.httpStatusCode;
}
