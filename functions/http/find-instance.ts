import { DomainError } from '#shared/domain/error.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { sameSecret } from '../auth/secret.ts';
import type { Deps } from '../deps.ts';
import { type Authentication, unauthorized } from './authenticate.ts';
import { type InstanceCredentials, readCredentials } from './read-credentials.ts';
import type { ApiRequest } from './read-request.ts';
import { validationFailed } from './validate.ts';

type Needs = Pick<Deps, 'instances'>;

/**
 * The one instance that a call names, by `{id}` in its path or by `session_id`, when a Bearer token of its
 * account or its own `access_token` opens it. What may not be seen and what is not there look the same.
 */
export async function findInstance(
  request: ApiRequest,
  authentication: Authentication,
  deps: Needs,
): Promise<Instance> {
  const credentials = readCredentials(request);
  const id = request.params['id'];
  requireName(id ?? credentials.sessionId, authentication, credentials);

  const owned = await findOwned(id, authentication, { credentials, deps });
  if (owned) return owned;
  const opened = await openByToken(credentials, deps);
  if (opened) return requireKept(id === undefined || opened.instanceId === id ? opened : undefined);

  if (authentication.kind === 'refused') throw authentication.error;
  if (authentication.kind === 'none') throw unauthorized();
  throw notFound();
}

/** The instance that `session_id` names, which must be the account's. Throws `not_found`. */
export async function findOwnInstance(
  request: ApiRequest,
  accountId: string,
  { instances }: Needs,
): Promise<Instance> {
  const { sessionId } = readCredentials(request);
  if (sessionId === undefined) throw missingSessionId();
  const instance = await instances.getBySessionId(sessionId);
  return requireKept(instance?.accountId === accountId ? instance : undefined);
}

/** The instance whose own token the call carries, if it does. Throws `not_found` when it is being deleted. */
export async function findByToken(
  credentials: InstanceCredentials,
  deps: Needs,
): Promise<Instance | undefined> {
  const instance = await openByToken(credentials, deps);
  return instance && requireKept(instance);
}

function requireName(
  name: string | undefined,
  authentication: Authentication,
  { accessToken }: InstanceCredentials,
): void {
  if (name !== undefined) return;
  if (authentication.kind === 'account' || accessToken !== undefined) throw missingSessionId();
  throw authentication.kind === 'refused' ? authentication.error : unauthorized();
}

async function findOwned(
  id: string | undefined,
  authentication: Authentication,
  { credentials, deps }: { credentials: InstanceCredentials; deps: Needs },
): Promise<Instance | undefined> {
  if (authentication.kind !== 'account') return undefined;
  const { accountId } = authentication.principal;
  if (id === undefined) {
    const named = await deps.instances.getBySessionId(credentials.sessionId ?? '');
    return named?.accountId === accountId ? requireKept(named) : undefined;
  }
  const instanceId = ObjectId.safeParse(id);
  if (!instanceId.success) return undefined;
  const owned = await deps.instances.get({ accountId, instanceId: instanceId.data });
  return owned && requireKept(owned);
}

async function openByToken(
  { sessionId, accessToken }: InstanceCredentials,
  { instances }: Needs,
): Promise<Instance | undefined> {
  if (sessionId === undefined || accessToken === undefined) return undefined;
  const instance = await instances.getBySessionId(sessionId);
  return instance && sameSecret(accessToken, instance.accessToken) ? instance : undefined;
}

/** An instance that is being deleted is gone for the API at once. */
function requireKept(instance: Instance | undefined): Instance {
  if (!instance || instance.desired === 'DELETED') throw notFound();
  return instance;
}

function notFound(): DomainError {
  return new DomainError('not_found', 'There is no such instance.');
}

function missingSessionId(): DomainError {
  return validationFailed([{ path: 'session_id', message: 'is required' }]);
}
