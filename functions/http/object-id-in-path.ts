import type { DomainError } from '#shared/domain/error.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { ApiRequest } from './read-request.ts';

/** The `{id}` of the path, or what it is named. What is no id names nothing: it throws what the caller says of that. */
export function objectIdInPath(
  { params }: ApiRequest,
  notFound: () => DomainError,
  name = 'id',
): string {
  const id = ObjectId.safeParse(params[name]);
  if (!id.success) throw notFound();
  return id.data;
}
