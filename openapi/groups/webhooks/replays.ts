import * as z from 'zod';
import { answersData } from '../../answer-doc.ts';
import type { OperationDoc } from '../../operation-doc.ts';
import { DeliveryView, NEW_DELIVERY } from './delivery-view.ts';
import { momentField, WEBHOOK_IN_PATH } from './fields.ts';

const OF_THIS = { params: { webhookId: '{webhook_id}' } };
const SINCE = { since: '2026-11-22T12:00:00Z' };
const CURSOR_FIELD = {
  description: 'The `cursor` of the call before.',
  schema: { type: ['string', 'null'] },
};

/** Events that are posted again. */
export const replaysDocs = {
  replayDelivery: {
    summary: 'Replay a delivery',
    description:
      'Posts its event once more, under the same `webhook-id`, whatever became of it before.',
    params: { deliveryId: 'The `id` of the delivery.' },
    answers: {
      201: answersData('A delivery of its own.', {
        message: 'The event is posted again',
        data: DeliveryView,
        example: { ...NEW_DELIVERY, replay_of: '01KAX3V0M8Q4W5T6Y7Z8A9B0CC' },
      }),
    },
    errors: ['webhook_disabled', 'too_late'],
    examples: { default: { params: { deliveryId: '{delivery_id}' } } },
  },
  replayEvents: {
    summary: 'Replay the events of a time',
    description:
      'Posts the events of that time which the webhook wants as it is now, whether they were delivered or not, in their order. At most 500 at a call: with a `cursor` in the answer, call again with it.',
    params: WEBHOOK_IN_PATH,
    fields: {
      since: momentField('What happened at this time or later, within the last 7 days.'),
      until: momentField('What happened at this time or earlier.'),
      cursor: CURSOR_FIELD,
    },
    answers: {
      200: answersData('How many events are posted again.', {
        message: 'The events are posted again',
        data: z.strictObject({
          count: z.int(),
          cursor: z.string().nullable().describe('There when there may be more.'),
        }),
        example: { count: 42, cursor: null },
      }),
    },
    errors: ['webhook_disabled'],
    examples: { default: { ...OF_THIS, body: SINCE } },
  },
  redriveDeliveries: {
    summary: 'Redrive what was given up',
    description:
      'Deliveries of the webhook that are `DEAD` are made again, as if no attempt had been made of them. With `more`, call again with the `cursor`.',
    params: WEBHOOK_IN_PATH,
    fields: {
      since: momentField('What was to be delivered at this time or later.'),
      cursor: CURSOR_FIELD,
    },
    answers: {
      200: answersData('How many are made again.', {
        message: 'The deliveries are made again',
        data: z.strictObject({
          count: z.int(),
          more: z.boolean(),
          cursor: z.string().nullable(),
        }),
        example: { count: 7, more: false, cursor: null },
      }),
    },
    errors: ['webhook_disabled'],
    examples: { default: { ...OF_THIS, body: SINCE } },
  },
} satisfies Readonly<Record<string, OperationDoc>>;
