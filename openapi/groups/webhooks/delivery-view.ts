import * as z from 'zod';
import { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { DeliveryState } from '#shared/domain/delivery.ts';
import { WebhookEventName } from '#shared/domain/event-name.ts';
import { PLACEHOLDERS } from '../../placeholders.ts';

const Attempt = z.strictObject({
  at: z.iso.datetime(),
  ms: z.int().describe('How long it took.'),
  status_code: z.int().nullable().describe('What the endpoint answered.'),
  error: z.string().nullable().describe('Why there is no answer.'),
});

/** A delivery as lists show it. */
export const DeliveryView = z.strictObject({
  id: z.string(),
  webhook: z.string(),
  event_id: z.string().describe('`webhook-id`, the same at every attempt and replay.'),
  event: WebhookEventName,
  seq: z.int().describe('The number of the event; 0 of a test.'),
  state: DeliveryState.describe(
    '`PENDING` waits, or is tried again. `DEAD`: every attempt failed, or the webhook gets nothing any more.',
  ),
  attempts: z.int(),
  last_attempt: Attempt.nullable(),
  next_attempt_at: z.iso.datetime().nullable(),
  error: z.string().nullable().describe('Why it is `DEAD`.'),
  replay_of: z.string().nullable().describe('The delivery that this one repeats.'),
  created_at: z.iso.datetime(),
  settled_at: z.iso.datetime().nullable(),
});

/** What one delivery shows beyond that. */
export const DeliveryDetails = DeliveryView.extend({
  recent_attempts: z.array(Attempt).describe('The last ten, oldest first.'),
  body: WebhookEvent.nullable().describe('What is posted; `null` when it is not kept any more.'),
});

const ATTEMPT = {
  at: '2026-11-22T12:00:01.000Z',
  ms: 132,
  status_code: 204,
  error: null,
};

export const DELIVERY: z.infer<typeof DeliveryView> = {
  id: PLACEHOLDERS.delivery_id,
  webhook: PLACEHOLDERS.webhook_id,
  event_id: 'evt_98a17ea3355b1c22fff03af4bd5c0cf0',
  event: 'onMessage',
  seq: 5,
  state: 'DELIVERED',
  attempts: 1,
  last_attempt: ATTEMPT,
  next_attempt_at: null,
  error: null,
  replay_of: null,
  created_at: '2026-11-22T12:00:00.000Z',
  settled_at: '2026-11-22T12:00:01.000Z',
};

/** One that no attempt was made of. */
export const NEW_DELIVERY: z.infer<typeof DeliveryView> = {
  ...DELIVERY,
  state: 'PENDING',
  attempts: 0,
  last_attempt: null,
  settled_at: null,
};

export const EVENT: z.infer<typeof WebhookEvent> = {
  id: DELIVERY.event_id,
  event: 'onMessage',
  ts: 1_795_348_800_000,
  session_id: PLACEHOLDERS.session_id,
  instance_id: PLACEHOLDERS.instance_id,
  seq: 5,
  data: { body: 'Hi', chatId: '15550000002@c.us', fromMe: false },
};

export const DELIVERY_DETAILS: z.infer<typeof DeliveryDetails> = {
  ...DELIVERY,
  recent_attempts: [ATTEMPT],
  body: EVENT,
};

const TEST = { event: 'onTest', seq: 0 } as const;

/** The delivery of a test. */
export const TEST_DETAILS: z.infer<typeof DeliveryDetails> = {
  ...DELIVERY_DETAILS,
  ...TEST,
  body: { ...EVENT, ...TEST, data: { webhook: PLACEHOLDERS.webhook_id } },
};

export const NEW_TEST_DETAILS: z.infer<typeof DeliveryDetails> = {
  ...TEST_DETAILS,
  ...NEW_DELIVERY,
  ...TEST,
  recent_attempts: [],
};
