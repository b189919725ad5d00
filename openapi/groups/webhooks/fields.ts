import * as z from 'zod';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { TIMEOUT_MS_MIN } from '#shared/domain/request-config.ts';
import { ATTEMPT_TIMEOUT_MS } from '#shared/domain/webhook-request.ts';
import type { FieldDoc } from '../../operation-doc.ts';

/** How the endpoint is called, as answers show it. */
export const ShownRequestConfig = z
  .strictObject({
    headers: z.record(z.string(), z.string()).optional(),
    timeout: z.int().optional(),
  })
  .describe('Empty when nothing is set. Values that let the posts in are shown as `•••`.');
/** What the schema does by functions, in words. */
const REQUEST_CONFIG_SCHEMA = {
  type: ['object', 'null'],
  properties: {
    headers: {
      type: ['object', 'null'],
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description:
        'Sent with every event, by lower case names; `authorization`, `cookie` and `user-agent` may be among them. Refused are those of the connection and the request (`host`, `content-*`), and `webhook-*`, `x-whatsapp-*`, `forwarded`, `x-forwarded-*` and the like.',
    },
    timeout: {
      type: ['integer', 'null'],
      minimum: TIMEOUT_MS_MIN,
      maximum: ATTEMPT_TIMEOUT_MS,
      description: 'How long one attempt may take, in milliseconds.',
    },
  },
  additionalProperties: false,
};

export const REQUEST_CONFIG_FIELD: FieldDoc = {
  description: 'How the endpoint is called. Nothing but `headers` and `timeout` may be set.',
  schema: REQUEST_CONFIG_SCHEMA,
};

/** A time in a query or a body. */
export function momentField(description: string): FieldDoc {
  return {
    description: `${description} ISO 8601 with its offset, or seconds or milliseconds since 1970.`,
    schema: { type: ['string', 'integer', 'null'], examples: ['2026-11-25T09:30:00Z'] },
  };
}

/** Names of events in a query. */
export function eventsField(description: string): FieldDoc {
  return {
    description: `${description} Names with commas in between, with or without \`on\`: ${LIVE_EVENTS.join(', ')}.`,
    schema: { type: 'string', examples: ['onMessage,onAck'] },
  };
}

export const WEBHOOK_IN_PATH = {
  webhookId: 'The `id` of the webhook; `main` is that of `setWebhook`.',
};
