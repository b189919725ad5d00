import { Fence } from '#runner/placement/fence.ts';
import { FleetLeader } from '#runner/placement/fleet-leader.ts';
import { beatUntil } from '#runner/placement/heartbeat.ts';
import { Leadership } from '#runner/placement/leadership.ts';
import { Placement } from '#runner/placement/placement.ts';
import type { ShardWork } from '#runner/placement/shard-work.ts';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import { LeaderRepository } from '#shared/repositories/leader-repository.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import type { EmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';
import { ScriptedTime } from './scripted-time.ts';

const SESSIONS = 10;

/** Sessions that are open from the start, and take as long to close as the test wants. */
class ScriptedWork implements ShardWork {
  readonly shard: number;
  readonly statusOfAll: InstanceStatus;
  sessionCount = SESSIONS;
  waitingCount = 0;
  /** Lets the run resolve when it is told to stop, or rejects it. */
  readonly ended = Promise.withResolvers<void>();
  readonly #tell: (what: string) => void;

  constructor(shard: number, tell: (what: string) => void) {
    this.shard = shard;
    this.statusOfAll = shard === 0 ? 'SCAN_QR' : 'CONNECTED';
    this.#tell = tell;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#tell(`start ${this.shard}`);
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    void stopped.promise.then(() => this.#tell(`stop ${this.shard}`));
    await Promise.all([stopped.promise, this.ended.promise]);
    this.sessionCount = 0;
    this.waitingCount = 0;
    this.#tell(`closed ${this.shard}`);
  }

  statuses(): InstanceStatus[] {
    return Array.from({ length: this.sessionCount }, () => this.statusOfAll);
  }
}

export type PlacementOptions = {
  readonly runnerId?: string;
  readonly shardCount?: number;
  readonly version?: string;
  /** Runners of one machine have one clock. */
  readonly time?: ScriptedTime;
  /** Whether its sessions close as soon as they are told to. */
  readonly closesAtOnce?: boolean;
};

/** A runner's heart, placement and leadership on a table that it shares with others; its time is the test's. */
export async function placementAtWork(storage: EmbeddedStorage, options: PlacementOptions = {}) {
  const { runnerId = 'one', shardCount = 3, version, closesAtOnce = true } = options;
  const { time = new ScriptedTime() } = options;
  const table = new FaultyTable(storage.table);
  const runners = new RunnerRepository(table);
  const leases = new LeaseRepository(table);
  const leaders = new LeaderRepository(table);
  const fence = new Fence(time.monotonicMs(), time);
  const metrics = recordedMetrics();
  const { log, sentences } = listeningLog();
  const told: string[] = [];
  const works: ScriptedWork[] = [];
  await runners.register(runnerId, { at: time.now(), ...(version !== undefined && { version }) });
  const common = { ...time, runnerId, shardCount, leases, runners, fence, metrics, log };
  const placement: Placement = new Placement({
    ...common,
    makeShard: ({ shard }) => {
      const work = new ScriptedWork(shard, (what) => told.push(what));
      if (closesAtOnce) work.ended.resolve();
      works.push(work);
      return work;
    },
  });
  const onOwnShare = (shards: readonly number[]) => placement.claimSoon(shards);
  const fleetLeader = new FleetLeader({ ...common, onOwnShare });
  const leadership = new Leadership({ ...common, leaders, fleetLeader });
  const drain = new AbortController();
  const life = new AbortController();
  const heart = {
    ...common,
    onDrainRequested: () => drain.abort(),
    onAssigned: (shards: readonly number[]) => placement.assign(shards),
    loads: () => placement.loads(),
  };
  return {
    runnerId,
    placement,
    leadership,
    table,
    runners,
    leases,
    leaders,
    time,
    fence,
    metrics,
    sentences,
    told,
    works,
    drain,
    /** As `runner.ts` does; answers what resolves when all is handed over. */
    async work(): Promise<void> {
      void beatUntil(runnerId, heart, life.signal);
      await Promise.all([placement.workUntil(drain.signal), leadership.followUntil(drain.signal)]);
      await runners.startDraining(runnerId);
      await placement.drain();
      life.abort();
      await runners.remove(runnerId);
    },
    /** It says and does nothing any more. */
    die(): void {
      table.isAway = () => true;
      life.abort();
    },
    owners: async () =>
      (await new LeaseRepository(storage.table).list(shardCount)).map((lease) =>
        lease.state === 'HELD' ? `${lease.owner} ${lease.epoch}` : 'free',
      ),
  };
}
