import type { WebhookEventName } from '#shared/domain/event-name.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { WebhookRequest } from '#shared/domain/webhook-request.ts';
import { MAIN_ENDPOINT } from '#shared/repositories/endpoint-repository.ts';
import type { Deps } from '../deps.ts';
import type { EditNeeds } from '../edit-instance.ts';
import { editEndpoint } from './edit-endpoint.ts';
import { newSecret } from './new-secret.ts';
import { ringWebhook } from './ring-webhook.ts';
import { unmuteWebhooks } from './unmute-webhooks.ts';

type Target = {
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly request?: WebhookRequest | undefined;
};
export type SaveNeeds = EditNeeds &
  Pick<Deps, 'endpoints' | 'logger' | 'newUlid' | 'randomBytes' | 'ringDoorbell'>;

/** Sets where the instance's events go, active from now on. Of what is there the secrets are kept, alone. */
export async function saveMain(
  instance: Instance,
  { url, events, request }: Target,
  deps: SaveNeeds,
): Promise<WebhookEndpoint> {
  const make = (previous: WebhookEndpoint | undefined) => ({
    url,
    events: [...events],
    ...(request && { request }),
    state: 'ACTIVE' as const,
    secret: previous?.secret ?? newSecret(deps),
    ...(previous?.previousSecret && { previousSecret: previous.previousSecret }),
  });
  const endpoint = await editEndpoint(instance, { endpointId: MAIN_ENDPOINT, make }, deps);
  await unmuteWebhooks(instance, deps);
  await ringWebhook(instance, MAIN_ENDPOINT, deps);
  return endpoint;
}
