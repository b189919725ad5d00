import type { Delivery } from '#shared/domain/delivery.ts';
import type { Deps } from '../deps.ts';

const LOOK_EVERY_MS = 250;
/** An attempt takes 10 s at most, and the runner has to hear of it first. */
const WAIT_MAX_MS = 12_000;

/** The delivery when an attempt was made of it, or as it is when the time is over. */
export async function awaitAttempt(
  delivery: Delivery,
  { deliveries, sleep }: Pick<Deps, 'deliveries' | 'sleep'>,
): Promise<Delivery> {
  let current = delivery;
  for (let looks = 0; looks < WAIT_MAX_MS / LOOK_EVERY_MS && !wasTried(current); looks += 1) {
    await sleep(LOOK_EVERY_MS);
    current = (await deliveries.get(delivery.instanceId, delivery.deliveryId)) ?? current;
  }
  return current;
}

/** Whether there is something to tell of it. */
export function wasTried({ state, attempts }: Delivery): boolean {
  return state !== 'PENDING' || attempts > 0;
}
