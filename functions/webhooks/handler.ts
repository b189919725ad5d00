import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { setWebhook } from './set-webhook.ts';
import { showWebhook } from './show-webhook.ts';

export const makeHandler = groupHandler('webhooks', { setWebhook, showWebhook });

export const handler = makeHandler(getDeps);
