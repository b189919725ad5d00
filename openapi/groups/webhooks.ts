import * as z from 'zod';
import { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';

const { url, events, state, secret } = WebhookEndpoint.shape;
const ShownWebhook = z.strictObject({
  url,
  events,
  state: state.describe('`DISABLED` gets no events until it is set anew.'),
  disabled_reason: z.string().nullable(),
  secret: secret.describe('`whsec_…`, with which each event is signed (Standard Webhooks).'),
});
const shown = answersData('The webhook.', {
  message: 'Webhook fetched successfully',
  data: ShownWebhook,
  example: {
    url: 'https://example.com/hook',
    events: ['onMessage', 'onAnyMessage'],
    state: 'ACTIVE',
    disabled_reason: null,
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAbCdEfGhIjk=',
  },
});
const WEBHOOK = { webhook_url: 'https://example.com/hook', events: ['onMessage', 'onAnyMessage'] };

export const webhooksDocs = {
  setWebhook: {
    summary: 'Set the webhook',
    description:
      'Where the events of the instance are posted to, from now on. The secret of one that is there is kept.',
    fields: {
      webhook_url: 'It must begin with `https://` and have a public host.',
      requestConfig: 'Not supported: only an empty one is taken.',
    },
    alsoReads: { headers: { prefer: '`return=representation` gets the webhook in place of 204.' } },
    answers: { 204: answersNothing('It is set.'), 200: shown },
    examples: {
      default: { body: { ...WEBHOOK, requestConfig: {} }, status: 204 },
      representation: {
        summary: 'Shown at once',
        headers: { prefer: 'return=representation' },
        body: { ...WEBHOOK, events: 'all' },
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
} satisfies GroupDocs<'webhooks'>;
