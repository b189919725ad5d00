import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { findDelivery } from './find-delivery.ts';
import { toDeliveryDetails } from './to-delivery-view.ts';

type Needs = Pick<Deps, 'deliveries' | 'events'>;

/** One delivery with its last attempts, and with its event as it is posted while that is kept. */
export const showDelivery = defineRoute({
  auth: 'instance',
  async run({ instance, request }, deps: Needs) {
    const delivery = await findDelivery(instance, request, deps);
    const event = await deps.events.get(delivery);
    return ok('Delivery fetched successfully', toDeliveryDetails(delivery, event));
  },
});
