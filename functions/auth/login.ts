import * as z from 'zod';
import { Email, PASSWORD_LENGTH_MAX } from '#shared/domain/account.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { countAttempt, forgetAttempts } from './login-throttle.ts';
import { startLogin } from './refresh-token.ts';
import { toLoginView } from './to-login-view.ts';

const Body = z.object({ email: Email, password: z.string().max(PASSWORD_LENGTH_MAX) });

type Needs = Pick<
  Deps,
  'accounts' | 'tokenKeys' | 'now' | 'passwords' | 'randomBytes' | 'throttle'
>;

/** Says nothing of whether the e-mail or the password was wrong, in words or in time. */
export const login = defineRoute({
  auth: 'none',
  body: Body,
  async run({ body: { email, password }, request: { sourceIp } }, deps: Needs) {
    const attempt = { email, sourceIp, at: deps.now() };
    await countAttempt(attempt, deps);
    const account = await deps.accounts.getByEmail(email);
    const isRight = await deps.passwords.verify(password, account?.passwordHash);
    if (!account || !isRight) {
      throw new DomainError('unauthorized', 'Wrong e-mail or password.');
    }
    await forgetAttempts(attempt, deps);
    const tokens = await startLogin(account.accountId, deps);
    return ok('Logged in successfully!', toLoginView(account, tokens));
  },
});
