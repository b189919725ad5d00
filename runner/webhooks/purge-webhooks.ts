import type { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import type { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import type { EventRepository } from '#shared/repositories/event-repository.ts';
import type { UntoldRepository } from '#shared/repositories/untold-repository.ts';

type Deps = {
  readonly endpoints: Pick<EndpointRepository, 'list'>;
  readonly deliveries: Pick<DeliveryRepository, 'purge'>;
  readonly events: Pick<EventRepository, 'purge'>;
  readonly untold: Pick<UntoldRepository, 'list' | 'purge'>;
};

/**
 * Deletes the events of an instance, their deliveries, its endpoints and what else lies beside them. The endpoints go
 * last: they name what waits for them, and a purge that was cut short does it again.
 */
export async function purgeWebhooks(
  instanceId: string,
  { endpoints, deliveries, events, untold }: Deps,
): Promise<void> {
  const ids = new Set((await endpoints.list({ instanceId })).map(({ endpointId }) => endpointId));
  for await (const note of untold.list(instanceId)) {
    if (note.kind !== 'message') ids.add(note.endpointId);
  }
  await deliveries.purge(instanceId, [...ids]);
  await untold.purge(instanceId);
  await events.purge(instanceId);
}
