import { MAIN_ENDPOINT } from '#shared/repositories/endpoint-repository.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { seeStatus } from './see-status.ts';

/** Whether a phone is connected, and whose; the order of the keys is that of the customer's page. */
export const showInstance = defineRoute({
  auth: 'instance',
  async run({ instance }, deps: Pick<Deps, 'endpoints' | 'runners' | 'now'>) {
    const endpoint = await deps.endpoints.get(instance, MAIN_ENDPOINT);
    const { user, status } = await seeStatus(instance, deps);
    return ok('Status checked successfully', {
      error: false,
      message: 'Instance fetched successfully',
      instance_data: {
        instance_key: instance.sessionId,
        phone_connected: status === 'CONNECTED',
        webhookUrl: endpoint?.url ?? null,
        user: user ? { id: user.id, name: user.name } : {},
      },
    });
  },
});
