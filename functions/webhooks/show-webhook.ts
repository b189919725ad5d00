import { DomainError } from '#shared/domain/error.ts';
import { MAIN_ENDPOINT } from '#shared/repositories/endpoint-repository.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { findOwnInstance } from '../http/find-instance.ts';
import { webhookReply } from './webhook-reply.ts';

type Needs = Pick<Deps, 'endpoints' | 'instances'>;

/** The instance's webhook, for its account alone: an instance's own token does not show the secret. */
export const showWebhook = defineRoute({
  auth: 'account',
  async run({ principal: { accountId }, request }, deps: Needs) {
    const instance = await findOwnInstance(request, accountId, deps);
    const endpoint = await deps.endpoints.get(instance, MAIN_ENDPOINT);
    if (!endpoint) throw new DomainError('not_found', 'The instance has no webhook.');
    return webhookReply(endpoint, { isOwner: true });
  },
});
