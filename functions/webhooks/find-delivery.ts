import type { Delivery } from '#shared/domain/delivery.ts';
import { DomainError } from '#shared/domain/error.ts';
import { Ulid } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import type { ApiRequest } from '../http/read-request.ts';

/** The instance's delivery that the path names. Throws `not_found`. */
export async function findDelivery(
  { instanceId }: Instance,
  { params }: ApiRequest,
  { deliveries }: Pick<Deps, 'deliveries'>,
): Promise<Delivery> {
  const id = Ulid.safeParse(params['deliveryId']);
  const delivery = id.success ? await deliveries.get(instanceId, id.data) : undefined;
  if (!delivery) throw new DomainError('not_found', 'There is no such delivery.');
  return delivery;
}
