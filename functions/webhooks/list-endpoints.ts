import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { toEndpointView } from './to-endpoint-view.ts';

/** All webhooks of the instance, that of `setWebhook` too. */
export const listEndpoints = defineRoute({
  auth: 'instance',
  async run({ instance }, { endpoints, now }: Pick<Deps, 'endpoints' | 'now'>) {
    const found = await endpoints.list(instance);
    return ok('Webhooks fetched successfully', {
      webhooks: found.map((endpoint) => toEndpointView(endpoint, now())),
    });
  },
});
