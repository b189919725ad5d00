import { encodeTime } from 'ulid';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { ApiUnderTest } from '../api-under-test.ts';
import type { OwnedInstance } from '../callers.ts';

const RANDOM_CHARACTERS = 16;
let made = 0;

type Said = Partial<Pick<WebhookEvent, 'event' | 'ts' | 'data'>>;

/** An event as a runner records it, with the next number. */
export async function recordEvent(
  api: ApiUnderTest,
  { id, credentials }: OwnedInstance,
  { event = 'onMessage', ts = api.clock.now.getTime(), data = {} }: Said = {},
): Promise<WebhookEvent> {
  const seq = (await api.deps.events.lastSeq(id)) + 1;
  const recorded: WebhookEvent = {
    id: `evt_${id}_${seq}`,
    event,
    ts,
    session_id: credentials.session_id,
    instance_id: id,
    seq,
    data,
  };
  await api.deps.events.append({ event: recorded, deliveries: [] });
  return recorded;
}

/** A delivery of the event, made when it happened. */
export function aDelivery(
  event: WebhookEvent,
  more: Partial<Delivery> & Pick<Delivery, 'endpointId'>,
): Delivery {
  made += 1;
  return {
    instanceId: event.instance_id,
    deliveryId: encodeTime(event.ts) + encodeTime(made, RANDOM_CHARACTERS),
    eventId: event.id,
    seq: event.seq,
    event: event.event,
    state: 'PENDING',
    attempts: 0,
    recent: [],
    createdAt: new Date(event.ts).toISOString(),
    ...more,
  };
}
