import * as z from 'zod';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { RequestConfig } from '#shared/domain/request-config.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { readPreferences } from '../http/preferences.ts';
import { noContent } from '../http/reply.ts';
import { ringInstance } from '../ring-instance.ts';
import { requireWebhookUrl } from './require-webhook-url.ts';
import { saveEndpoint } from './save-endpoint.ts';
import { webhookReply } from './webhook-reply.ts';

const Body = z.object({
  webhook_url: z.string(),
  events: RequestedEvents.default([...LIVE_EVENTS]),
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
  async run({ instance, isOwner, body, request }, deps: Needs) {
    const { representation } = readPreferences(request);
    const url = requireWebhookUrl(body.webhook_url, { path: 'webhook_url' }, deps);
    const { events, requestConfig } = body;
    const target = { url, events, request: requestConfig };
    const endpoint = await saveEndpoint(instance, target, deps);
    await ringInstance(instance, { kind: 'instance', dedupId: deps.newUlid() }, deps);
    return representation ? webhookReply(endpoint, { isOwner }) : noContent();
  },
});
