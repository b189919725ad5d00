import * as z from 'zod';
import { DomainError } from '#shared/domain/error.ts';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { ORDERED_ID_RANDOM_BYTES, toOrderedId } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';
import { editEndpoint } from './edit-endpoint.ts';
import { newSecret } from './new-secret.ts';
import { ringWebhook } from './ring-webhook.ts';
import type { SaveNeeds } from './save-main.ts';
import { toEndpointView } from './to-endpoint-view.ts';
import { unmuteWebhooks } from './unmute-webhooks.ts';
import { readUrl, WEBHOOK_FIELDS } from './webhook-fields.ts';

/** Each event is looked at, and may be posted, as often. */
const ENDPOINTS_MAX = 10;

type Needs = SaveNeeds & Pick<Deps, 'config'>;

/** One more place to which the instance's events are posted. Its secret is shown here and never again, to its owner. */
export const createEndpoint = defineRoute({
  auth: 'instance',
  body: z.object(WEBHOOK_FIELDS),
  async run({ instance, isOwner, body }, deps: Needs) {
    const { events = LIVE_EVENTS, filters, requestConfig: request } = body;
    const url = readUrl(body, deps);
    if (url === undefined) {
      throw validationFailed([{ path: 'webhook_url', message: 'is required' }]);
    }
    await requireRoom(instance, deps);
    const endpointId = toOrderedId(deps.now(), deps.randomBytes(ORDERED_ID_RANDOM_BYTES));
    const make = () => ({
      url,
      events: [...events],
      ...(filters && { filters }),
      ...(request && { request }),
      state: 'ACTIVE' as const,
      secret: newSecret(deps),
    });
    const endpoint = await editEndpoint(instance, { endpointId, make }, deps);
    await keepOrWithdraw(instance, endpointId, deps);
    await unmuteWebhooks(instance, deps);
    await ringWebhook(instance, endpointId, deps);
    return created('Webhook created successfully', {
      ...toEndpointView(endpoint, deps.now()),
      ...(isOwner && { secret: endpoint.secret }),
    });
  },
});

async function requireRoom(
  instance: Instance,
  { endpoints }: Pick<Deps, 'endpoints'>,
): Promise<void> {
  if ((await endpoints.list(instance)).length >= ENDPOINTS_MAX) throw tooMany();
}

/** Calls at the same time may each have seen room: those that are one too many take theirs back. */
async function keepOrWithdraw(
  instance: Instance,
  endpointId: string,
  { endpoints }: Pick<Deps, 'endpoints'>,
): Promise<void> {
  if ((await endpoints.list(instance)).length <= ENDPOINTS_MAX) return;
  await endpoints.delete(instance, endpointId);
  throw tooMany();
}

function tooMany(): DomainError {
  return new DomainError(
    'too_many_webhooks',
    `An instance may have ${ENDPOINTS_MAX} webhooks: delete one first.`,
  );
}
