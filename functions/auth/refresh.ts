import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { RefreshBody, readRefreshToken } from './read-refresh-token.ts';
import { rotateRefreshToken } from './refresh-token.ts';

type Needs = Pick<Deps, 'accounts' | 'tokenKeys' | 'now' | 'randomBytes'>;

/** A new pair of tokens. The refresh token that was sent is used up. */
export const refresh = defineRoute({
  auth: 'none',
  body: RefreshBody,
  async run({ body, request }, deps: Needs) {
    const token = readRefreshToken(body, request);
    if (token === undefined) {
      throw validationFailed([{ path: 'refresh_token', message: 'is required' }]);
    }
    return ok('Tokens refreshed successfully!', await rotateRefreshToken(token, deps));
  },
});
