import { z } from 'zod';
import { type Account, DisplayName, Email, NewPassword } from '#shared/domain/account.ts';
import { DomainError } from '#shared/domain/error.ts';
import { toObjectId } from '#shared/domain/identifier.ts';
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

type Needs = Pick<Deps, 'accounts' | 'config' | 'jwtSecret' | 'now' | 'passwords' | 'randomBytes'>;

/** A new account, logged in. */
export const register = defineRoute({
  auth: 'none',
  body: Body,
  async run({ body: { email, password, name } }, deps: Needs) {
    if (!deps.config.openRegistration) {
      throw new DomainError('forbidden', 'Registration is closed.');
    }
    const createdAt = deps.now();
    const account: Account = {
      accountId: toObjectId(createdAt.getTime() / 1000, deps.randomBytes(8)),
      email,
      name,
      passwordHash: await deps.passwords.hash(password),
      createdAt: createdAt.toISOString(),
    };
    await deps.accounts.create(account);
    const tokens = await startLogin(account.accountId, deps);
    return created('Account created successfully!', toLoginView(account, tokens));
  },
});
