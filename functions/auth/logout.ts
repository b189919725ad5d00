import type { Deps } from '../deps.ts';
import { authenticate, unauthorized } from '../http/authenticate.ts';
import { defineRoute } from '../http/define-route.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { noContent } from '../http/reply.ts';
import { RefreshBody, readRefreshToken } from './read-refresh-token.ts';
import { requireLogin } from './refresh-token.ts';
import { requireLoginOf } from './require-login-of.ts';

type Needs = Pick<Deps, 'accounts' | 'tokenKeys' | 'now'>;

/** Ends the login that the refresh token or the access token belongs to. Access tokens live on until they expire. */
export const logout = defineRoute({
  auth: 'none',
  body: RefreshBody,
  async run({ body, request }, deps: Needs) {
    const token = readRefreshToken(body, request);
    const login =
      token === undefined ? await loginOfBearer(request, deps) : await requireLogin(token, deps);
    await deps.accounts.endLogin(login);
    return noContent();
  },
});

async function loginOfBearer({ headers }: ApiRequest, deps: Needs) {
  const authentication = await authenticate(headers, deps);
  switch (authentication.kind) {
    case 'account':
      return requireLoginOf(authentication.principal);
    case 'refused':
      throw authentication.error;
    case 'none':
      throw unauthorized();
  }
}
