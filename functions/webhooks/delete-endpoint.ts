import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { noContent } from '../http/reply.ts';
import { endpointInPath, noSuchWebhook } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';

type Needs = Pick<Deps, 'endpoints' | 'logger' | 'newUlid' | 'ringDoorbell'>;

/** The webhook is gone from the next call on, and gets nothing more. */
export const deleteEndpoint = defineRoute({
  auth: 'instance',
  async run({ instance, request }, deps: Needs) {
    const endpointId = endpointInPath(request);
    if (!(await deps.endpoints.delete(instance, endpointId))) throw noSuchWebhook();
    await ringWebhook(instance, endpointId, deps);
    return noContent();
  },
});
