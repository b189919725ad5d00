import * as z from 'zod';
import { createAccount } from '#shared/accounts/create-account.ts';
import { DisplayName, Email, NewPassword } from '#shared/domain/account.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { startLogin } from './refresh-token.ts';
import { toLoginView } from './to-login-view.ts';

const Body = z.object({
  email: Email,
  password: NewPassword,
  name: DisplayName.default(''),
});

type Needs = Pick<Deps, 'accounts' | 'config' | 'tokenKeys' | 'now' | 'passwords' | 'randomBytes'>;

/** A new account, logged in. */
export const register = defineRoute({
  auth: 'none',
  body: Body,
  async run({ body: { email, password, name } }, deps: Needs) {
    if (!deps.config.openRegistration) {
      throw new DomainError('forbidden', 'Registration is closed.');
    }
    const account = await createAccount({ email, password, name }, deps);
    const tokens = await startLogin(account.accountId, deps);
    return created('Account created successfully!', toLoginView(account, tokens));
  },
});
