import { ShardKeeper, type ShardKeeperDeps } from '#runner/placement/shard-keeper.ts';
import { InstanceKeeper } from '#runner/session/instance-keeper.ts';
import { type Doorbell, shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { until } from '../../until.ts';
import { openSessionHome } from '../session/session-home.ts';

export const SWEEP_EVERY_MS = 30_000;

type Home = Awaited<ReturnType<typeof openSessionHome>>;

/** Shard 0 with the instances 2, 3 …; instance 1 belongs to shard 9. */
export async function shardAtWork(
  others: Instance[],
  more: (home: Home) => Partial<ShardKeeperDeps> = () => ({}),
) {
  const home = await openSessionHome({ shard: 9 });
  const { instances, outbox, commands, storage, sleep, clock, log, auth } = home;
  for (const instance of others) await instances.create(instance);
  const queue = storage.openQueue(shardQueueSettings(0));
  const resumed: string[] = [];
  const told: string[] = [];
  const lookedAt: string[] = [];
  const left: string[] = [];
  const made: string[] = [];
  const expired: string[] = [];
  const keeper = new ShardKeeper(0, {
    queue,
    instances,
    outbox,
    expire: async ({ messageId }) => void expired.push(messageId),
    makeKeeper: (ref) => {
      made.push(ref.instanceId);
      return new InstanceKeeper(ref, {
        instances,
        commands,
        makeSession: (current) => home.makeSession(current),
        auth,
        purge: async () => undefined,
        now: clock.now,
        sleep: sleep.sleep,
        log,
      });
    },
    tellUntold: async ({ instanceId }) => void told.push(instanceId),
    resumeWebhooks: async (instanceId) => void resumed.push(instanceId),
    lookAtWebhook: async ({ endpointId }) => void lookedAt.push(endpointId),
    countWaiting: () => 0,
    leaveWebhooks: async (instanceId) => void left.push(instanceId),
    now: clock.now,
    sleep: sleep.sleep,
    log,
    ...more(home),
  });
  const stop = new AbortController();
  let bells = 0;
  return {
    ...home,
    keeper,
    queue,
    resumed,
    told,
    lookedAt,
    left,
    made,
    expired,
    stop,
    run: () => keeper.run(stop.signal),
    async ring(body: Doorbell | string): Promise<void> {
      bells += 1;
      await queue.send({
        group: 'group',
        dedupId: `bell-${bells}`,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    /** The instances that have a connection, in order. */
    connected: () => home.sockets.map(({ instanceId }) => instanceId),
    swept: async () =>
      await until('it was swept', () => home.sleep.asleep.includes(SWEEP_EVERY_MS)),
  };
}

export const bellFor = (
  { accountId, instanceId }: Instance,
  kind: 'outbox' | 'instance',
): Doorbell => ({
  kind,
  accountId,
  instanceId,
});
