import type { WebhookEventName } from '#shared/domain/event-name.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import type { WebhookRequest } from '#shared/domain/webhook-request.ts';
import { MAIN_ENDPOINT } from '#shared/repositories/webhook-repository.ts';
import type { Deps } from '../deps.ts';

/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;
/** Somebody else would have to set the same webhook as often meanwhile. */
const TRIES_MAX = 5;

type Target = {
  readonly url: string;
  readonly events: readonly WebhookEventName[];
  readonly request?: WebhookRequest | undefined;
};
type Needs = Pick<Deps, 'now' | 'randomBytes' | 'webhooks'>;

/** Sets where the instance's events go, active from now on. Of an endpoint that is there the secret is kept, alone. */
export async function saveEndpoint(
  instance: Instance,
  target: Target,
  deps: Needs,
): Promise<WebhookEndpoint> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const previous = await deps.webhooks.getEndpoint(instance);
    const endpoint = toEndpoint(instance, target, { previous, deps });
    if (await deps.webhooks.replaceEndpoint(endpoint, previous)) return endpoint;
  }
  throw new Error(`The webhook of ${instance.instanceId} is being set by too many calls at once.`);
}

function toEndpoint(
  { accountId, instanceId }: Instance,
  { url, events, request }: Target,
  { previous, deps }: { previous: WebhookEndpoint | undefined; deps: Needs },
): WebhookEndpoint {
  const at = deps.now().toISOString();
  return {
    accountId,
    instanceId,
    endpointId: MAIN_ENDPOINT,
    url,
    events: [...events],
    ...(request && { request }),
    state: 'ACTIVE',
    secret: previous?.secret ?? newWebhookSecret(deps),
    createdAt: previous?.createdAt ?? at,
    updatedAt: at,
  };
}

/** Standard Webhooks' form: `whsec_` and base64. */
function newWebhookSecret({ randomBytes }: Needs): string {
  return `whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
}
