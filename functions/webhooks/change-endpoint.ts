import * as z from 'zod';
import type { WebhookEndpoint, WebhookFilters } from '#shared/domain/webhook.ts';
import type { WebhookRequest } from '#shared/domain/webhook-request.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { type EditEndpointNeeds, editEndpoint } from './edit-endpoint.ts';
import { endpointInPath, noSuchWebhook } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';
import { toEndpointView } from './to-endpoint-view.ts';
import { readUrl, WEBHOOK_FIELDS } from './webhook-fields.ts';

/** Why one is disabled that was paused. */
const PAUSED = 'by the customer';

const Body = z.object({
  ...WEBHOOK_FIELDS,
  state: z.enum(['ACTIVE', 'DISABLED'], 'must be ACTIVE or DISABLED').default('ACTIVE'),
});

type Needs = EditEndpointNeeds & Pick<Deps, 'config' | 'logger' | 'newUlid' | 'ringDoorbell'>;

/** What a call says of a webhook; what it leaves out is not there. */
type Change = {
  readonly url?: string;
  readonly events?: WebhookEndpoint['events'];
  readonly filters?: WebhookFilters | undefined;
  readonly request?: WebhookRequest | undefined;
  readonly state: 'ACTIVE' | 'DISABLED';
};

/** Changes what the call names, and sets the webhook active anew, or pauses it. */
export const changeEndpoint = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, request, body }, deps: Needs) {
    const endpointId = endpointInPath(request);
    const { events, filters, requestConfig, state } = body;
    const url = readUrl(body, deps);
    const names = (field: string) => Object.hasOwn(request.body.fields, field);
    const change: Change = {
      ...(url !== undefined && { url }),
      ...(events && { events }),
      ...(names('filters') && { filters }),
      ...(names('requestConfig') && { request: requestConfig }),
      state,
    };
    const make = (previous: WebhookEndpoint | undefined) => {
      if (!previous) throw noSuchWebhook();
      return applyChange(previous, change);
    };
    const endpoint = await editEndpoint(instance, { endpointId, make }, deps);
    await ringWebhook(instance, endpointId, deps);
    return ok('Webhook updated successfully', toEndpointView(endpoint, deps.now()));
  },
});

function applyChange(previous: WebhookEndpoint, change: Change) {
  const { url, events, secret, previousSecret, filters, request } = { ...previous, ...change };
  return {
    url,
    events,
    ...(filters && { filters }),
    ...(request && { request }),
    secret,
    ...(previousSecret && { previousSecret }),
    state: change.state,
    ...(change.state === 'DISABLED' && { disabledReason: PAUSED }),
  };
}
