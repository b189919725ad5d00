import * as z from 'zod';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import { WebhookEventName } from '#shared/domain/webhook.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { noContent } from '../http/reply.ts';
import { ringInstance } from '../ring-instance.ts';
import { requireWebhookUrl } from './require-webhook-url.ts';
import { saveEndpoint } from './save-endpoint.ts';
import { webhookReply } from './webhook-reply.ts';

const Body = z.object({
  webhook_url: z.string(),
  events: RequestedEvents.default(WebhookEventName.options),
  requestConfig: z
    .record(z.string(), z.unknown())
    .refine((config) => Object.keys(config).length === 0, 'is not supported yet')
    .optional(),
});

type Needs = Pick<
  Deps,
  'config' | 'logger' | 'newUlid' | 'now' | 'randomBytes' | 'ringDoorbell' | 'webhooks'
>;

/** Sets where the instance's events are posted to. */
export const setWebhook = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body, request }, deps: Needs) {
    const url = requireWebhookUrl(body.webhook_url, { path: 'webhook_url' }, deps);
    const endpoint = await saveEndpoint(instance, { url, events: body.events }, deps);
    await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
    return wantsRepresentation(request) ? webhookReply(endpoint) : noContent();
  },
});

/** RFC 7240 §4.2. */
function wantsRepresentation({ headers }: ApiRequest): boolean {
  const preferences = (headers['prefer'] ?? '').split(/[,;]/);
  return preferences.some((preference) => preference.trim() === 'return=representation');
}
