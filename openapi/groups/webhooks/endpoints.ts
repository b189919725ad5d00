import * as z from 'zod';
import { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { answersData, answersNothing } from '../../answer-doc.ts';
import type { OperationDoc } from '../../operation-doc.ts';
import { PLACEHOLDERS } from '../../placeholders.ts';
import { REQUEST_CONFIG_FIELD, ShownRequestConfig, WEBHOOK_IN_PATH } from './fields.ts';

const { url, events, state } = WebhookEndpoint.shape;

const View = z.strictObject({
  id: z.string(),
  url,
  events,
  filters: z.strictObject({
    chats: z.array(z.string()).optional(),
    groups: z.boolean().optional(),
    from_me: z.boolean().optional(),
  }),
  requestConfig: ShownRequestConfig,
  state: state.describe(
    '`FAILING`: no post has come through of late; it gets events still. `DISABLED` gets none until it is set anew.',
  ),
  disabled_reason: z.string().nullable(),
  failing_since: z.iso.datetime().nullable(),
  old_secret_until: z.iso
    .datetime()
    .nullable()
    .describe('Until then the secret before the last `rotate` signs as well.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAbCdEfGhIjk=';
const Secret = z
  .string()
  .describe(
    '`whsec_…`, with which each event is signed (Standard Webhooks). It is not shown again.',
  );

const EXAMPLE: z.infer<typeof View> = {
  id: PLACEHOLDERS.webhook_id,
  url: 'https://example.com/orders',
  events: ['onMessage', 'onAck'],
  filters: { groups: false },
  requestConfig: {},
  state: 'ACTIVE',
  disabled_reason: null,
  failing_since: null,
  old_secret_until: null,
  created_at: '2026-11-22T12:00:00.000Z',
  updated_at: '2026-11-22T12:00:00.000Z',
};
const WEBHOOK = {
  webhook_url: 'https://example.com/orders',
  events: ['onMessage', 'onAck'],
  filters: { groups: false, chats: ['2349048988056'] },
};
const FIELDS = {
  webhook_url: 'It must begin with `https://` and have a public host. `url` is another name of it.',
  url: '`webhook_url` by another name.',
  filters: {
    description:
      'Which of the events of chats are meant; an event without a chat passes. What is not set lets all pass, and a field that is not known is refused.',
    schema: {
      type: ['object', 'null'],
      properties: {
        chats: {
          type: ['array', 'null'],
          items: { type: ['string', 'integer'] },
          minItems: 1,
          maxItems: 100,
          description: 'These alone: numbers, or ids as `chatId` has them.',
        },
        groups: { type: ['boolean', 'null'], description: 'Groups alone, or all others.' },
        from_me: {
          type: ['boolean', 'null'],
          description: "Messages of the number's own alone, or all others.",
        },
      },
      additionalProperties: false,
    },
  },
  requestConfig: REQUEST_CONFIG_FIELD,
};
const shown = answersData('The webhook, without its secret.', {
  message: 'Webhook fetched successfully',
  data: View,
  example: EXAMPLE,
});
const BY_OWNER = { as: 'account', query: { session_id: '{session_id}' } } as const;
const OF_THIS = { params: { webhookId: '{webhook_id}' } };

/** Several webhooks of one instance. */
export const endpointsDocs = {
  createEndpoint: {
    summary: 'Make a webhook',
    description:
      'One more place to which the events of the instance are posted, ten in all with that of `setWebhook`. `send_webhook` is switched on.',
    fields: FIELDS,
    answers: {
      201: answersData('The webhook, with its secret for the account.', {
        message: 'Webhook created successfully',
        data: View.extend({
          secret: Secret.optional(),
        }),
        example: { ...EXAMPLE, secret: SECRET },
      }),
    },
    errors: ['too_many_webhooks'],
    examples: {
      default: { as: 'account', body: { session_id: '{session_id}', ...WEBHOOK } },
      itself: { summary: 'By the instance, which is shown no secret', body: WEBHOOK },
    },
  },
  listEndpoints: {
    summary: 'List webhooks',
    answers: {
      200: answersData('All of the instance, without their secrets.', {
        message: 'Webhooks fetched successfully',
        data: z.strictObject({ webhooks: z.array(View) }),
        example: { webhooks: [EXAMPLE] },
      }),
    },
    examples: { default: {} },
  },
  showEndpoint: {
    summary: 'Show one webhook',
    params: WEBHOOK_IN_PATH,
    answers: { 200: shown },
    examples: { default: OF_THIS },
  },
  changeEndpoint: {
    summary: 'Change a webhook',
    description:
      'Changes what the call names, and sets the webhook active anew; or pauses it, with `state: "DISABLED"`. `null` takes `filters` or `requestConfig` away.',
    params: WEBHOOK_IN_PATH,
    fields: FIELDS,
    answers: {
      200: answersData('The webhook as it is now.', {
        message: 'Webhook updated successfully',
        data: View,
        example: EXAMPLE,
      }),
    },
    examples: {
      default: { ...OF_THIS, body: { events: 'all', filters: null } },
      pause: { ...OF_THIS, summary: 'Pause it', body: { state: 'DISABLED' } },
    },
  },
  deleteEndpoint: {
    summary: 'Delete a webhook',
    params: WEBHOOK_IN_PATH,
    answers: { 204: answersNothing('It is gone, and gets nothing more.') },
    examples: { default: OF_THIS },
  },
  rotateSecret: {
    summary: 'Change the secret of a webhook',
    description:
      'For the account alone. The old secret signs beside the new one for 24 hours: `webhook-signature` has two signatures, and a library of Standard Webhooks takes either.',
    params: WEBHOOK_IN_PATH,
    answers: {
      200: answersData('The webhook, with its new secret.', {
        message: 'Secret changed successfully',
        data: View.extend({ secret: Secret }),
        example: {
          ...EXAMPLE,
          old_secret_until: '2026-11-23T12:00:00.000Z',
          secret: SECRET,
        },
      }),
    },
    errors: ['forbidden'],
    examples: { default: { ...BY_OWNER, ...OF_THIS } },
  },
} satisfies Readonly<Record<string, OperationDoc>>;
