import type { Contact } from '#shared/domain/contact.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Principal } from '../http/authenticate.ts';
import { objectIdInPath } from '../http/object-id-in-path.ts';
import type { ApiRequest } from '../http/read-request.ts';

/** The contact of the caller's account that the path's `{id}` names. Throws `not_found` for what is no id. */
export function contactInPath(
  { accountId }: Principal,
  request: ApiRequest,
): Pick<Contact, 'accountId' | 'contactId'> {
  return { accountId, contactId: objectIdInPath(request, noSuchContact) };
}

/** The answer to an id that names none of the account's contacts. */
export function noSuchContact(): DomainError {
  return new DomainError('not_found', 'There is no such contact.');
}
