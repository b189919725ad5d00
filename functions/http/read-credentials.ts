import type { ErrorDetail } from '#shared/domain/error.ts';
import type { ApiRequest } from './read-request.ts';
import { validationFailed } from './validate.ts';

/** What names an instance in a call, and proves the right to it. */
export type InstanceCredentials = {
  readonly sessionId: string | undefined;
  readonly accessToken: string | undefined;
};

type Place = { readonly path: string; readonly value: unknown };

/**
 * Reads `session_id` and `access_token` from the query, the body or form, or the headers `x-session-id` and
 * `x-instance-token`. Empty counts as absent. Throws `validation_failed` when two places disagree.
 */
export function readCredentials(request: ApiRequest): InstanceCredentials {
  return {
    sessionId: readOne('session_id', 'x-session-id', request),
    accessToken: readOne('access_token', 'x-instance-token', request),
  };
}

function readOne(field: string, header: string, request: ApiRequest): string | undefined {
  const places: readonly Place[] = [
    { path: `query.${field}`, value: request.query[field] },
    { path: `body.${field}`, value: request.body.fields[field] },
    { path: `headers.${header}`, value: request.headers[header] },
  ];
  const given = places.filter(({ value }) => value !== undefined && value !== null && value !== '');
  const [first] = given;
  if (!first) return undefined;

  const wrongTypes = given.filter(({ value }) => typeof value !== 'string');
  if (wrongTypes.length > 0) throw validationFailed(toDetails(wrongTypes, 'must be text'));
  if (given.some(({ value }) => value !== first.value)) {
    throw validationFailed(toDetails(given, `says another ${field} than the rest of the request`));
  }
  return String(first.value);
}

function toDetails(places: readonly Place[], message: string): ErrorDetail[] {
  return places.map(({ path }) => ({ path, message }));
}
