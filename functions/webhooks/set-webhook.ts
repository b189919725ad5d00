import * as z from 'zod';
import { RequestConfig } from '#shared/domain/request-config.ts';
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
  requestConfig: RequestConfig,
});

type Needs = Pick<
  Deps,
  'config' | 'logger' | 'newUlid' | 'now' | 'randomBytes' | 'ringDoorbell' | 'webhooks'
>;

/** Sets where the instance's events are posted to, and how: what the call leaves out is not set any more. */
export const setWebhook = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body, request }, deps: Needs) {
    const url = requireWebhookUrl(body.webhook_url, { path: 'webhook_url' }, deps);
    const { events, requestConfig } = body;
    const target = { url, events, request: requestConfig };
    const endpoint = await saveEndpoint(instance, target, deps);
    await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
    return wantsRepresentation(request) ? webhookReply(endpoint) : noContent();
  },
});

/** RFC 7240 §4.2. */
function wantsRepresentation({ headers }: ApiRequest): boolean {
  const preferences = (headers['prefer'] ?? '').split(/[,;]/);
  return preferences.some((preference) => preference.trim() === 'return=representation');
}
