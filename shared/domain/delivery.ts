import * as z from 'zod';
import { WebhookEventName } from './event-name.ts';
import { ObjectId, Ulid } from './identifier.ts';

/**
 * How far the delivery of an event to one endpoint has come.
 *
 *   PENDING ─▶ DELIVERED
 *      └─────▶ DEAD ── redriven ──▶ PENDING
 *
 * DEAD: every attempt failed, or the endpoint takes none any more; `error` says which.
 */
export const DeliveryState = z.enum(['PENDING', 'DELIVERED', 'DEAD']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One post, and what came of it. */
export const DeliveryAttempt = z.strictObject({
  at: z.iso.datetime(),
  ms: z.int().min(0),
  /** What the endpoint answered. */
  statusCode: z.int().exactOptional(),
  /** Why there is no answer. */
  error: z.string().exactOptional(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

/** One event on its way to one endpoint. */
export const Delivery = z.strictObject({
  instanceId: ObjectId,
  deliveryId: Ulid,
  endpointId: z.string(),
  /** `webhook-id` of every attempt, and of every replay. */
  eventId: z.string(),
  /** 0 for a test, which is no event of the instance's. */
  seq: z.int().min(0),
  event: WebhookEventName,
  state: DeliveryState,
  /** All that were made; `recent` holds the last ones, oldest first. */
  attempts: z.int().min(0),
  recent: z.array(DeliveryAttempt),
  /** Of a PENDING one that has failed: when it is tried again. */
  nextAttemptAt: z.iso.datetime().exactOptional(),
  /** Why it is DEAD. */
  error: z.string().exactOptional(),
  /** The delivery that this one repeats. */
  replayOf: Ulid.exactOptional(),
  createdAt: z.iso.datetime(),
  settledAt: z.iso.datetime().exactOptional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** Whether it delivers no event but a test: it has one attempt, and says nothing of the endpoint. */
export function isTest({ seq }: Pick<Delivery, 'seq'>): boolean {
  return seq === 0;
}

/** A delivery that no attempt was made of. */
export function newDelivery(
  about: Pick<
    Delivery,
    'instanceId' | 'deliveryId' | 'endpointId' | 'eventId' | 'seq' | 'event' | 'replayOf'
  >,
  at: Date,
): Delivery {
  return { ...about, state: 'PENDING', attempts: 0, recent: [], createdAt: at.toISOString() };
}

/** So many attempts are kept of each. */
export const RECENT_ATTEMPTS_MAX = 10;

/**
 * Its place among what waits for an endpoint: first attempts in the order of their events, then those that are tried
 * again, when they are due.
 */
export function waitingKeyOf({
  seq,
  deliveryId,
  nextAttemptAt,
}: Pick<Delivery, 'seq' | 'deliveryId' | 'nextAttemptAt'>): string {
  const due = nextAttemptAt === undefined ? 0 : new Date(nextAttemptAt).getTime();
  return `${digits(due)}#${digits(seq)}#${deliveryId}`;
}

/** What a delivery's place among what waits says of it. */
export type WaitingPlace = {
  /** Milliseconds since 1970; 0 when it was not tried yet. */
  readonly dueMs: number;
  readonly seq: number;
  readonly deliveryId: string;
};

export function readWaitingKey(key: string): WaitingPlace {
  const [due = '', seq = '', deliveryId = ''] = key.split('#');
  return { dueMs: Number(due), seq: Number(seq), deliveryId };
}

/** Enough that the order of texts is that of the numbers. */
const DIGITS = 15;

function digits(value: number): string {
  return String(value).padStart(DIGITS, '0');
}
