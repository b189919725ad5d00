import { Doorbell, shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { ApiUnderTest } from './api-under-test.ts';

const WAIT_MS = 5_000;
const OTHERS_MAX = 100;

/** The next doorbell of this instance on its shard's queue; those of others are thrown away. */
export async function nextDoorbell(
  api: ApiUnderTest,
  instance: Instance | undefined,
): Promise<Doorbell | undefined> {
  if (!instance) throw new Error('There is no such instance.');
  const queue = api.storage.openQueue(shardQueueSettings(instance.shard));
  for (let others = 0; others < OTHERS_MAX; others += 1) {
    const [received] = await queue.receive({ max: 1, waitMs: WAIT_MS });
    if (!received) return undefined;
    await received.ack();
    const doorbell = Doorbell.parse(JSON.parse(received.body));
    if (doorbell.instanceId === instance.instanceId) return doorbell;
  }
  return undefined;
}
