import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { requireLoginOf } from './require-login-of.ts';
import { toKeyView } from './to-key-view.ts';

/** The account's API keys, without their secrets. */
export const listKeys = defineRoute({
  auth: 'account',
  async run({ principal }, { accounts }: Pick<Deps, 'accounts'>) {
    const { accountId } = requireLoginOf(principal);
    const apiKeys = await accounts.listKeys(accountId);
    return ok('API keys fetched successfully!', apiKeys.map(toKeyView));
  },
});
