import type { Instance } from '#shared/domain/instance.ts';
import type { Deps } from './deps.ts';

type Needs = Pick<Deps, 'ringDoorbell' | 'logger'>;

/** A doorbell but for whose it is. */
type Ringing =
  | { kind: 'outbox' }
  | { kind: 'instance' }
  | { kind: 'command'; commandId: string }
  | { kind: 'canceled'; messageId: string };

/**
 * Tells the runner of the instance's shard where to look. The table holds what is to be done already, and the
 * runner's sweep finds it there: a doorbell that cannot be rung delays it, so it is not the caller's error.
 */
export async function ringInstance(
  { accountId, instanceId, shard }: Instance,
  { dedupId, ...what }: Ringing & { dedupId: string },
  { ringDoorbell, logger }: Needs,
): Promise<void> {
  try {
    await ringDoorbell(shard, { ...what, accountId, instanceId }, { dedupId });
  } catch (err) {
    logger.warn({ err, instanceId, shard }, 'A doorbell was not rung.');
  }
}
