import * as z from 'zod';
import { DeliveryState } from '#shared/domain/delivery.ts';
import { answersData } from '../../answer-doc.ts';
import type { OperationDoc } from '../../operation-doc.ts';
import { CURSOR, PAGE_FIELDS } from '../../page.ts';
import {
  DELIVERY,
  DELIVERY_DETAILS,
  DeliveryDetails,
  DeliveryView,
  NEW_TEST_DETAILS,
  TEST_DETAILS,
} from './delivery-view.ts';
import { eventsField, momentField, WEBHOOK_IN_PATH } from './fields.ts';

const Tested = z.strictObject({ delivery: DeliveryDetails });

/** What became of events. */
export const deliveriesDocs = {
  testEndpoint: {
    summary: 'Test a webhook',
    description:
      'Posts an event `onTest`, whatever events the webhook asks for, and waits up to 12 s to tell what the endpoint answered. A test has one attempt, and changes nothing of the webhook; one that is disabled can be tested, too.',
    params: WEBHOOK_IN_PATH,
    answers: {
      200: answersData('It was posted: `last_attempt` says what came of it.', {
        message: 'The test was posted',
        data: Tested,
        example: { delivery: TEST_DETAILS },
      }),
      202: answersData('No attempt has been made yet; the delivery tells of it later.', {
        message: 'The test is still to be posted',
        data: Tested,
        example: { delivery: NEW_TEST_DETAILS },
      }),
    },
    examples: { default: { params: { webhookId: '{webhook_id}' } } },
  },
  listDeliveries: {
    summary: 'List deliveries',
    description:
      'What became of the events of the instance at its webhooks, newest first, for a week. A page may have fewer than `limit`, or none, and still a `cursor`.',
    fields: {
      ...PAGE_FIELDS,
      cursor: {
        description: 'The `cursor` of the page before.',
        schema: { type: 'string' },
      },
      webhook: { description: 'Of one webhook, by its `id`.', schema: { type: 'string' } },
      state: {
        description: 'In this state.',
        schema: { type: 'string', enum: DeliveryState.options },
      },
      event: eventsField('Of these events.'),
      since: momentField('Made at this time or later.'),
      until: momentField('Made at this time or earlier.'),
    },
    answers: {
      200: answersData('A page of deliveries.', {
        message: 'Deliveries fetched successfully',
        data: z.strictObject({ deliveries: z.array(DeliveryView), cursor: CURSOR }),
        example: { deliveries: [DELIVERY], cursor: null },
      }),
    },
    examples: {
      default: {},
      failed: {
        summary: 'What was given up at one webhook',
        query: { webhook: '{webhook_id}', state: 'DEAD' },
      },
    },
  },
  showDelivery: {
    summary: 'Show a delivery',
    description: 'With its last attempts, and with its event as it is posted.',
    params: { deliveryId: 'The `id` of the delivery.' },
    answers: {
      200: answersData('The delivery.', {
        message: 'Delivery fetched successfully',
        data: DeliveryDetails,
        example: DELIVERY_DETAILS,
      }),
    },
    examples: { default: { params: { deliveryId: '{delivery_id}' } } },
  },
} satisfies Readonly<Record<string, OperationDoc>>;
