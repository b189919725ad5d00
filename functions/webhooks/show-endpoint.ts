import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { findEndpoint } from './find-endpoint.ts';
import { toEndpointView } from './to-endpoint-view.ts';

/** One webhook of the instance. */
export const showEndpoint = defineRoute({
  auth: 'instance',
  async run({ instance, request }, deps: Pick<Deps, 'endpoints' | 'now'>) {
    const endpoint = await findEndpoint(instance, request, deps);
    return ok('Webhook fetched successfully', toEndpointView(endpoint, deps.now()));
  },
});
