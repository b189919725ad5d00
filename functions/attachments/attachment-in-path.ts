import { DomainError } from '#shared/domain/error.ts';
import type { AttachmentRef } from '#shared/repositories/attachment-repository.ts';
import { accountOf, type Caller } from '../http/authorize.ts';
import { objectIdInPath } from '../http/object-id-in-path.ts';
import type { ApiRequest } from '../http/read-request.ts';

/** The attachment of the caller's account that the path's `{id}` names. Throws `not_found` for what is no id. */
export function attachmentInPath(caller: Caller, request: ApiRequest): AttachmentRef {
  const attachmentId = objectIdInPath(request, noSuchAttachment);
  return { accountId: accountOf(caller), attachmentId };
}

/** The answer to an id that names none of the account's attachments. */
export function noSuchAttachment(): DomainError {
  return new DomainError('not_found', 'There is no such attachment.');
}
