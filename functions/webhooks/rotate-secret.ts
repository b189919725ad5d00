import { DomainError } from '#shared/domain/error.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { type EditEndpointNeeds, editEndpoint } from './edit-endpoint.ts';
import { endpointInPath, noSuchWebhook } from './find-endpoint.ts';
import { newSecret } from './new-secret.ts';
import { ringWebhook } from './ring-webhook.ts';
import { toEndpointView } from './to-endpoint-view.ts';

/** Time to put the new one wherever the old one is. */
const OLD_SECRET_KEPT_MS = 24 * 3_600_000;

type Needs = EditEndpointNeeds & Pick<Deps, 'logger' | 'newUlid' | 'randomBytes' | 'ringDoorbell'>;

/** A new secret, shown here alone. The old one signs beside it for a day; one before that signs no more. */
export const rotateSecret = defineRoute({
  auth: 'instance',
  async run({ instance, isOwner, request }, deps: Needs) {
    // Nobody would see the new secret, and what verifies by the old one would soon refuse every event.
    if (!isOwner) {
      throw new DomainError('forbidden', "Only the account's own token changes the secret.");
    }
    const endpointId = endpointInPath(request);
    const secret = newSecret(deps);
    const validUntil = new Date(deps.now().getTime() + OLD_SECRET_KEPT_MS).toISOString();
    const make = (previous: WebhookEndpoint | undefined) => {
      if (!previous) throw noSuchWebhook();
      return { ...previous, secret, previousSecret: { secret: previous.secret, validUntil } };
    };
    const endpoint = await editEndpoint(instance, { endpointId, make }, deps);
    await ringWebhook(instance, endpointId, deps);
    return ok('Secret changed successfully', { ...toEndpointView(endpoint, deps.now()), secret });
  },
});
