import * as z from 'zod';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { answersData } from '../../answer-doc.ts';
import type { OperationDoc } from '../../operation-doc.ts';
import { PAGE_FIELDS } from '../../page.ts';
import { EVENT } from './delivery-view.ts';
import { eventsField } from './fields.ts';

const CURSOR = 'NjFjMDhjZGYyZmYzNTczMjk0NzFiYmIxLjU';
const FIELDS = {
  after: {
    description:
      'The `cursor` of the answer before; `latest` for what comes next; nothing for the oldest that is kept, of the last 7 days.',
    schema: { type: 'string' },
  },
  limit: PAGE_FIELDS.limit,
  events: eventsField('These alone; the cursor passes the others.'),
};

/** Events without a webhook. */
export const eventsDocs = {
  listEvents: {
    summary: 'Pull events',
    description: 'The events of the instance just as its webhooks get them, the oldest first.',
    fields: {
      ...FIELDS,
      wait: {
        description: 'How many seconds the answer may wait for an event when there is none.',
        schema: { type: 'integer', minimum: 0, maximum: 20, default: 0 },
      },
    },
    answers: {
      200: answersData('The next events.', {
        message: 'Events fetched successfully',
        data: z.strictObject({
          events: z.array(WebhookEvent),
          cursor: z.string().describe('Asks for what comes after these.'),
          has_more: z.boolean().describe('There are more already.'),
          missed: z.boolean().describe('Events after the cursor were not kept any more.'),
        }),
        example: { events: [EVENT], cursor: CURSOR, has_more: false, missed: false },
      }),
    },
    examples: {
      default: {},
      wait: {
        summary: 'Messages, as soon as one comes',
        query: { events: 'onMessage', wait: '20' },
      },
    },
  },
  streamEvents: {
    summary: 'Stream events',
    description:
      'Server-sent events: each with its cursor as `id`, its name as `event` and its JSON as `data`, and a comment every 15 s. `Last-Event-ID` goes on after what was seen, and an event `missed` says that some in between are gone. On one machine alone: on AWS it is 501, and `GET /whatsapp/events` with `wait=20` does the same.',
    fields: {
      ...FIELDS,
      wait: { description: 'It makes no difference here.', schema: { type: 'integer' } },
    },
    alsoReads: { headers: { 'last-event-id': 'The `id` of the last event that was seen.' } },
    answers: {
      200: {
        description: 'Events, until the caller goes or the credentials hold no more.',
        contents: {
          'text/event-stream': {
            schema: z.string(),
            example: `id: ${CURSOR}\nevent: onMessage\ndata: ${JSON.stringify(EVENT)}\n\n`,
          },
        },
      },
    },
    errors: ['not_available'],
    examples: { default: {} },
  },
} satisfies Readonly<Record<string, OperationDoc>>;
