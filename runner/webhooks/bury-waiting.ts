import { isTest } from '#shared/domain/delivery.ts';
import type { DeliveryRepository, EndpointRef } from '#shared/repositories/delivery-repository.ts';
import type { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { reasonAgainst } from './decide-endpoint.ts';
import { toDead } from './delivery-steps.ts';

type Deps = {
  readonly endpoints: Pick<EndpointRepository, 'get'>;
  readonly deliveries: Pick<DeliveryRepository, 'waiting' | 'advance'>;
  readonly now: () => Date;
};

/**
 * All that waits for an endpoint that is gone or disabled comes to nothing, but for what is under way. `false`, and
 * nothing happens, when it takes deliveries: it was set anew.
 */
export async function buryWaiting(
  ref: EndpointRef,
  isUnderWay: (deliveryId: string) => boolean,
  { endpoints, deliveries, now }: Deps,
): Promise<boolean> {
  const endpoint = await endpoints.get(ref, ref.endpointId);
  if (reasonAgainst(endpoint, false) === undefined) return false;
  for await (const delivery of deliveries.waiting(ref)) {
    const reason = reasonAgainst(endpoint, isTest(delivery));
    if (reason === undefined || isUnderWay(delivery.deliveryId)) continue;
    await deliveries.advance(delivery, toDead(delivery, reason, now()));
  }
  return true;
}
