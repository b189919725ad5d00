import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { setWebhook } from './set-webhook.ts';
import { showWebhook } from './show-webhook.ts';

export const operations = { setWebhook, showWebhook };

export const makeHandler = groupHandler('webhooks', operations);

export const handler = makeHandler(getDeps);
