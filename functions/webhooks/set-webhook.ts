import * as z from 'zod';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { RequestConfig } from '#shared/domain/request-config.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { readPreferences } from '../http/preferences.ts';
import { noContent } from '../http/reply.ts';
import { requireWebhookUrl } from './require-webhook-url.ts';
import { type SaveNeeds, saveMain } from './save-main.ts';
import { webhookReply } from './webhook-reply.ts';

const Body = z.object({
  webhook_url: z.string(),
  events: RequestedEvents.default([...LIVE_EVENTS]),
  requestConfig: RequestConfig,
});

/** Sets where the instance's events are posted to, and how: what the call leaves out is not set any more. */
export const setWebhook = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, isOwner, body, request }, deps: SaveNeeds & Pick<Deps, 'config'>) {
    const { representation } = readPreferences(request);
    const url = requireWebhookUrl(body.webhook_url, { path: 'webhook_url' }, deps);
    const { events, requestConfig } = body;
    const target = { url, events, request: requestConfig };
    const endpoint = await saveMain(instance, target, deps);
    return representation ? webhookReply(endpoint, { isOwner }) : noContent();
  },
});
