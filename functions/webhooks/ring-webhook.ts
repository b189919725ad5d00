import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from '../deps.ts';
import { ringInstance } from '../ring-instance.ts';

/** Tells the runner to look at an endpoint, and at what is to be delivered to it. */
export async function ringWebhook(
  instance: Instance,
  endpointId: string,
  deps: Pick<Deps, 'logger' | 'newUlid' | 'ringDoorbell'>,
): Promise<void> {
  await ringInstance(instance, { kind: 'webhook', endpointId, dedupId: deps.newUlid() }, deps);
}
