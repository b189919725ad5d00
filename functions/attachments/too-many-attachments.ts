import { DomainError } from '#shared/domain/error.ts';
import { ATTACHMENTS_MAX } from '#shared/repositories/attachment-repository.ts';

/** The answer to one more than an account may have. */
export function tooManyAttachments(): DomainError {
  return new DomainError(
    'too_many_attachments',
    `An account may have ${ATTACHMENTS_MAX} attachments: delete some first.`,
  );
}
