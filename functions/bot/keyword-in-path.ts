import { DomainError } from '#shared/domain/error.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { KeywordRef } from '#shared/repositories/keyword-repository.ts';
import { objectIdInPath } from '../http/object-id-in-path.ts';
import type { ApiRequest } from '../http/read-request.ts';

/** The rule of the instance that the path names. Throws `not_found` for what is no id. */
export function keywordInPath({ instanceId }: Instance, request: ApiRequest): KeywordRef {
  return { instanceId, keywordId: objectIdInPath(request, noSuchKeyword, 'keywordId') };
}

/** The answer to an id that names none of the instance's rules. */
export function noSuchKeyword(): DomainError {
  return new DomainError('not_found', 'There is no such keyword.');
}
