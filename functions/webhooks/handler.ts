import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { createEndpoint } from './create-endpoint.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEndpoints } from './list-endpoints.ts';
import { listEvents } from './list-events.ts';
import { redriveDeliveries } from './redrive-deliveries.ts';
import { replayDelivery } from './replay-delivery.ts';
import { replayEvents } from './replay-events.ts';
import { rotateSecret } from './rotate-secret.ts';
import { setWebhook } from './set-webhook.ts';
import { showDelivery } from './show-delivery.ts';
import { showEndpoint } from './show-endpoint.ts';
import { showWebhook } from './show-webhook.ts';
import { streamEvents } from './stream-events.ts';
import { testEndpoint } from './test-endpoint.ts';

export const operations = {
  setWebhook,
  showWebhook,
  createEndpoint,
  listEndpoints,
  showEndpoint,
  changeEndpoint,
  deleteEndpoint,
  rotateSecret,
  testEndpoint,
  listDeliveries,
  showDelivery,
  replayDelivery,
  replayEvents,
  redriveDeliveries,
  listEvents,
  streamEvents,
};

export const makeHandler = groupHandler('webhooks', operations);

export const handler = makeHandler(getDeps);
