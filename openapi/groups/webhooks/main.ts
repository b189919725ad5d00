import * as z from 'zod';
import { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { answersData, answersNothing } from '../../answer-doc.ts';
import type { OperationDoc } from '../../operation-doc.ts';
import { REQUEST_CONFIG_FIELD, ShownRequestConfig } from './fields.ts';

const { url, events, state, secret } = WebhookEndpoint.shape;
const ShownWebhook = z.strictObject({
  url,
  events,
  requestConfig: ShownRequestConfig,
  state: state.describe('`DISABLED` gets no events until it is set anew.'),
  disabled_reason: z.string().nullable(),
  secret: secret.describe('`whsec_…`, with which each event is signed (Standard Webhooks).'),
});
/** As whoever set it sees it. */
const SetWebhook = ShownWebhook.extend({
  secret: ShownWebhook.shape.secret
    .optional()
    .describe("There for the account alone: an instance's own token does not show it."),
});
const EXAMPLE: Omit<z.infer<typeof ShownWebhook>, 'secret'> = {
  url: 'https://example.com/hook',
  events: ['onMessage', 'onAnyMessage'],
  requestConfig: { headers: { authorization: '•••', 'x-tenant': '7' }, timeout: 5_000 },
  state: 'ACTIVE',
  disabled_reason: null,
};
const shown = answersData('The webhook.', {
  message: 'Webhook fetched successfully',
  data: ShownWebhook,
  example: { ...EXAMPLE, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAbCdEfGhIjk=' },
});
const set = answersData('The webhook as it is now.', {
  message: 'Webhook fetched successfully',
  data: SetWebhook,
  example: EXAMPLE,
});
const WEBHOOK = { webhook_url: 'https://example.com/hook', events: ['onMessage', 'onAnyMessage'] };
const REQUEST_CONFIG = {
  headers: { authorization: 'Bearer a-secret-of-yours', 'x-tenant': 7 },
  timeout: 5_000,
};
/** `setWebhook`, as the customer's page has it. */
export const mainWebhookDocs = {
  setWebhook: {
    summary: 'Set the webhook',
    description:
      'Where the events of the instance are posted to, from now on, and how; `send_webhook` is switched on. It sets the whole webhook: a `requestConfig` that was there is gone when the call has none. The secret alone is kept.',
    fields: {
      webhook_url: 'It must begin with `https://` and have a public host.',
      requestConfig: REQUEST_CONFIG_FIELD,
    },
    alsoReads: { headers: { prefer: '`return=representation` gets the webhook in place of 204.' } },
    answers: { 204: answersNothing('It is set.'), 200: set },
    examples: {
      default: { body: { ...WEBHOOK, requestConfig: {} }, status: 204 },
      representation: {
        summary: 'Shown at once',
        headers: { prefer: 'return=representation' },
        body: { ...WEBHOOK, events: 'all', requestConfig: REQUEST_CONFIG },
        status: 200,
      },
    },
  },
  showWebhook: {
    summary: 'Show the webhook',
    description: "For the account alone: an instance's own token does not show the secret.",
    alsoReads: { query: { session_id: 'Names the instance.' } },
    answers: { 200: shown },
    errors: ['validation_failed', 'not_found'],
    examples: { default: { query: { session_id: '{session_id}' } } },
  },
} satisfies Readonly<Record<string, OperationDoc>>;
