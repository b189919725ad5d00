import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { accepted, ok } from '../http/reply.ts';
import { awaitAttempt, wasTried } from './await-attempt.ts';
import { deliveryOf } from './delivery-of.ts';
import { findEndpoint } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';
import { toDeliveryDetails } from './to-delivery-view.ts';

const EVENT_ID_BYTES = 16;

type Needs = Pick<
  Deps,
  | 'deliveries'
  | 'endpoints'
  | 'events'
  | 'logger'
  | 'newUlid'
  | 'now'
  | 'randomBytes'
  | 'ringDoorbell'
  | 'sleep'
>;

/** Posts an event `onTest` to the webhook, whatever it asks for and though it be disabled, and tells what it answered. */
export const testEndpoint = defineRoute({
  auth: 'instance',
  async run({ instance, request }, deps: Needs) {
    const { endpointId } = await findEndpoint(instance, request, deps);
    const event = toTestEvent(instance, endpointId, deps);
    const delivery = deliveryOf(event, { endpointId }, deps);
    await deps.events.appendTest(event, delivery);
    await ringWebhook(instance, endpointId, deps);
    const tried = await awaitAttempt(delivery, deps);
    const data = { delivery: toDeliveryDetails(tried, event) };
    return wasTried(tried)
      ? ok('The test was posted', data)
      : accepted('The test is still to be posted', data);
  },
});

function toTestEvent(
  { instanceId, sessionId }: Instance,
  endpointId: string,
  { now, randomBytes }: Pick<Deps, 'now' | 'randomBytes'>,
): WebhookEvent {
  return {
    id: `evt_${Buffer.from(randomBytes(EVENT_ID_BYTES)).toString('hex')}`,
    event: 'onTest',
    ts: now().getTime(),
    session_id: sessionId,
    instance_id: instanceId,
    seq: 0,
    data: { webhook: endpointId },
  };
}
