import { DomainError } from '#shared/domain/error.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { requireLoginOf } from './require-login-of.ts';

/** A deleted key is refused from the next call on. */
export const deleteKey = defineRoute({
  auth: 'account',
  async run({ principal, request: { params } }, { accounts }: Pick<Deps, 'accounts'>) {
    const { accountId } = requireLoginOf(principal);
    const keyId = ObjectId.safeParse(params['id']);
    if (keyId.success && (await accounts.removeKey({ accountId, keyId: keyId.data }))) {
      return noContent();
    }
    throw new DomainError('not_found', 'There is no such API key.');
  },
});
