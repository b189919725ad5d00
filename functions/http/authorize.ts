import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import type { Auth } from '../routes.ts';
import { type Authentication, type Principal, unauthorized } from './authenticate.ts';
import type { CallNotes } from './call-notes.ts';
import { findByToken, findInstance } from './find-instance.ts';
import { readCredentials } from './read-credentials.ts';
import type { ApiRequest } from './read-request.ts';

/** Who calls, where a whole account and one instance are both welcome. */
export type Caller =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'instance'; readonly instance: Instance };

/** The account for which the caller acts: an instance's token is one of its account. */
export function accountOf(caller: Caller): string {
  return caller.kind === 'account' ? caller.accountId : caller.instance.accountId;
}

/** What an operation is given of the caller, by the `auth` of its route. */
export type AccessOf = {
  none: object;
  account: { readonly principal: Principal };
  /** `isOwner`: by a token of its account, and not by the instance's own. */
  instance: { readonly instance: Instance; readonly isOwner: boolean };
  either: { readonly caller: Caller };
};

/** A call whose Bearer token, if there was one, has been looked at. */
type AuthenticatedCall = {
  readonly request: ApiRequest;
  readonly authentication: Authentication;
  readonly notes: CallNotes;
};

type Authorize<A extends Auth> = (
  call: AuthenticatedCall,
  deps: Pick<Deps, 'instances'>,
) => Promise<AccessOf[A]>;

const authorizers: { readonly [A in Auth]: Authorize<A> } = {
  none: async () => ({}),
  account: async ({ authentication }) => ({ principal: requirePrincipal(authentication) }),
  instance: async ({ request, authentication, notes }, deps) => {
    const instance = await findInstance(request, authentication, deps);
    noteInstance(instance, notes);
    const { accountId } = instance;
    const isOwner =
      authentication.kind === 'account' && authentication.principal.accountId === accountId;
    return { instance, isOwner };
  },
  either: async (call, deps) => ({ caller: await findCaller(call, deps) }),
};

/** The authorizer of a route's `auth`. It throws when the caller may not make the call. */
export function authorizerOf<A extends Auth>(auth: A): Authorize<A> {
  return authorizers[auth];
}

function requirePrincipal(authentication: Authentication): Principal {
  switch (authentication.kind) {
    case 'account':
      return authentication.principal;
    case 'refused':
      throw authentication.error;
    case 'none':
      throw unauthorized();
  }
}

async function findCaller(
  { request, authentication, notes }: AuthenticatedCall,
  deps: Pick<Deps, 'instances'>,
): Promise<Caller> {
  if (authentication.kind === 'account') {
    return { kind: 'account', accountId: authentication.principal.accountId };
  }
  const instance = await findByToken(readCredentials(request), deps);
  if (!instance) throw authentication.kind === 'refused' ? authentication.error : unauthorized();
  noteInstance(instance, notes);
  return { kind: 'instance', instance };
}

function noteInstance({ accountId, instanceId }: Instance, notes: CallNotes): void {
  notes.accountId = accountId;
  notes.instanceId = instanceId;
}
