import type { GroupDocs } from '../operation-doc.ts';
import { deliveriesDocs } from './webhooks/deliveries.ts';
import { endpointsDocs } from './webhooks/endpoints.ts';
import { eventsDocs } from './webhooks/events.ts';
import { mainWebhookDocs } from './webhooks/main.ts';
import { replaysDocs } from './webhooks/replays.ts';

export const webhooksDocs = {
  ...mainWebhookDocs,
  ...endpointsDocs,
  ...deliveriesDocs,
  ...replaysDocs,
  ...eventsDocs,
} satisfies GroupDocs<'webhooks'>;
