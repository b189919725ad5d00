import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { deliveryOf } from './delivery-of.ts';
import { findDelivery } from './find-delivery.ts';
import { requireEnabled } from './find-endpoint.ts';
import { ringWebhook } from './ring-webhook.ts';
import { toDeliveryView } from './to-delivery-view.ts';

type Needs = Pick<
  Deps,
  'deliveries' | 'endpoints' | 'events' | 'logger' | 'newUlid' | 'now' | 'ringDoorbell'
>;

/** Posts the event of a delivery once more, under the id that it has, whatever became of it before. */
export const replayDelivery = defineRoute({
  auth: 'instance',
  async run({ instance, request }, deps: Needs) {
    const before = await findDelivery(instance, request, deps);
    const { endpointId, deliveryId: replayOf } = before;
    await requireEnabled(instance, endpointId, deps);
    const event = await deps.events.get(before);
    if (!event) throw new DomainError('too_late', 'The event is too old and not kept any more.');
    const delivery = deliveryOf(event, { endpointId, replayOf }, deps);
    await deps.deliveries.add([delivery]);
    await ringWebhook(instance, endpointId, deps);
    return created('The event is posted again', toDeliveryView(delivery));
  },
});
