import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { LeaderRepository } from '#shared/repositories/leader-repository.ts';
import { type HeldLease, LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { requireShardCount } from '#shared/repositories/require-shard-count.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import type { Ambient } from './deps.ts';
import { type HealthServer, openHealthServer } from './health/health-server.ts';
import type { UrlGuard } from './http/guarded-dispatcher.ts';
import { countUntil } from './placement/census.ts';
import { Fence } from './placement/fence.ts';
import { FleetLeader } from './placement/fleet-leader.ts';
import { guardStorage } from './placement/guard-storage.ts';
import { beatUntil } from './placement/heartbeat.ts';
import { Leadership } from './placement/leadership.ts';
import { Placement } from './placement/placement.ts';
import type { TaskProtection } from './placement/task-protection.ts';
import { ShardMaker } from './shard-maker.ts';
import { findVersion, type Network, trustNetwork } from './whatsapp/network.ts';

/** ECS kills a task 120 s after it told it to stop (`stopTimeout`, Fargate's longest). */
const DRAIN_MS_MAX = 100_000;

export type RunnerOptions = Ambient & {
  /** Names this run: a runner that is started again is another one. */
  readonly runnerId: string;
  /** What it runs; it takes the place of runners of another version that started before. */
  readonly version?: string | undefined;
  readonly storage: RunnerStorage;
  readonly shardCount: number;
  readonly timings: PlacementTimings;
  readonly network: Network;
  readonly guard: UrlGuard;
  /** Whether sessions send at a pace where their customers say nothing. */
  readonly paceByDefault: boolean;
  /** Where it answers for its health. */
  readonly healthPort?: number | undefined;
  /** There is none outside ECS. */
  readonly protection?: Pick<TaskProtection, 'followUntil' | 'release'> | undefined;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Called when the others know of the runner and it begins to claim shards. */
  readonly onReady?: () => void;
};

export type RunnerEnd =
  /** Everything was handed over. */
  | 'drained'
  /** The drain took too long: the process must end now, whatever is still open. */
  | 'overdue'
  /** Others may hold its shards: the process must end now, and with it every socket. */
  | 'fenced';

/**
 * Claims shards and works on them until it is to drain, because the signal aborts or somebody asks for it in the
 * table. Then it hands them over. Resolves with why it has ended.
 *
 *   ALIVE ── told to drain ──▶ DRAINING ──▶ drained, or overdue          from both: fenced
 */
export async function run(options: RunnerOptions, signal: AbortSignal): Promise<RunnerEnd> {
  trustNetwork(options.network);
  const parts = await assemble(options, signal);
  const { fence, placement, leadership, drain, life } = parts;
  const health = await openHealth(parts, options);
  const loops = live(parts, options);
  const { version, network, log } = options;
  log.info({ version, network: network.kind }, 'The runner is ready.');
  options.onReady?.();

  const fenced = fence.closed.then((cause): RunnerEnd => {
    const shards = placement.shardCount;
    log.fatal({ cause, shards }, 'The runner has lost its leases and lets go at once.');
    if (shards > 0) options.metrics.add('LeasesLost', shards);
    return 'fenced';
  });
  const leading = leadership.followUntil(drain.signal);
  const work = placement
    .workUntil(drain.signal)
    .then(() => leading)
    .then(() => handOver(parts, { ...options, loops, health }))
    .catch((cause: unknown) => {
      // The fence itself is what broke it.
      if (fence.isClosed) return fenced;
      throw cause;
    });
  const end = await Promise.race([work, fenced, whenOverdue(parts, options)]);
  life.abort();
  return end;
}

type Parts = {
  readonly runners: RunnerRepository;
  readonly fence: Fence;
  readonly shards: ShardMaker;
  readonly placement: Placement;
  readonly leadership: Leadership;
  /** Aborts when the runner is to drain. */
  readonly drain: AbortController;
  /** Aborts when it has ended. */
  readonly life: AbortController;
};

/** From here on the others know of the runner. */
async function assemble(options: RunnerOptions, signal: AbortSignal): Promise<Parts> {
  const { runnerId, version, storage, network, monotonicMs, now } = options;
  const waVersion = await findVersion(network);
  const life = new AbortController();
  const drain = new AbortController();
  if (signal.aborted) drain.abort();
  else signal.addEventListener('abort', () => drain.abort(), { once: true });

  const runners = new RunnerRepository(storage.table, options.timings);
  const leases = new LeaseRepository(storage.table);
  const instances = new InstanceRepository(storage.table);
  await requireShardCount(options.shardCount, { leases, instances });
  const fence = new Fence(monotonicMs(), options);
  await runners.register(runnerId, { at: now(), ...(version !== undefined && { version }) });
  const shards = new ShardMaker(
    {
      ...options,
      storage: guardStorage(storage, fence),
      mayAct: () => !fence.isClosed,
      isLeaseOurs: (shard) => placement.isLeaseOurs(shard),
      network: { version: waVersion, ...(network.kind === 'simulated' && { url: network.url }) },
    },
    life.signal,
  );
  const makeShard = (lease: HeldLease) => shards.make(lease);
  const placement: Placement = new Placement({ ...options, runners, leases, fence, makeShard });
  const onOwnShare = (own: readonly number[]) => placement.claimSoon(own);
  const fleetLeader = new FleetLeader({ ...options, runners, leases, onOwnShare });
  const leaders = new LeaderRepository(storage.table);
  const leadership = new Leadership({ ...options, runners, leaders, fleetLeader });
  return { runners, fence, shards, placement, leadership, drain, life };
}

/** What goes on beside the work, until the end of the runner's life. */
async function live(parts: Parts, options: RunnerOptions): Promise<void> {
  const { runners, fence, placement, drain, life } = parts;
  const heart = {
    ...options,
    runners,
    fence,
    onDrainRequested: () => drain.abort(),
    onAssigned: (assigned: readonly number[]) => placement.assign(assigned),
    loads: () => placement.loads(),
  };
  await Promise.all([
    beatUntil(options.runnerId, heart, life.signal),
    fence.watch(life.signal),
    countUntil({ ...options, placement }, life.signal),
    options.protection?.followUntil(() => placement.sessionCount, life.signal),
  ]);
}

async function openHealth(
  { fence, placement, drain }: Parts,
  { healthPort, timings }: RunnerOptions,
): Promise<HealthServer | undefined> {
  if (healthPort === undefined) return undefined;
  const server = { port: healthPort, staleAfterMs: timings.fenceAfterMs };
  return await openHealthServer(server, () => ({
    state: drain.signal.aborted ? 'DRAINING' : 'ALIVE',
    sessions: placement.sessionCount,
    shards: placement.shardCount,
    lastBeatAgoMs: Math.round(fence.lastGoodAgoMs),
  }));
}

type Around = RunnerOptions & {
  readonly loops: Promise<void>;
  readonly health: HealthServer | undefined;
};

async function handOver(parts: Parts, { loops, health, ...options }: Around): Promise<RunnerEnd> {
  const { runners, shards, placement, life } = parts;
  const { runnerId, protection, log } = options;
  log.info({ shards: placement.shardCount }, 'The runner drains.');
  await announceDrain(parts, options);
  // ECS need not wait for the end of the drain: it gives the runner the time that is left.
  const released = protection?.release();
  await placement.drain();
  await shards.close();
  await released;
  life.abort();
  await loops;
  await runners.remove(runnerId);
  await health?.close();
  log.info('The runner has stopped.');
  return 'drained';
}

/** The others see it in the table; if they cannot, the shards are handed over none the less. */
async function announceDrain(
  { runners, fence }: Parts,
  { runnerId, log }: RunnerOptions,
): Promise<void> {
  try {
    if (!(await runners.startDraining(runnerId))) fence.close('declared_dead');
  } catch (err) {
    log.error({ err }, 'The drain could not be announced.');
  }
}

/** Resolves when the drain has taken too long; never when it has not. */
function whenOverdue(
  { drain, life, placement }: Parts,
  { sleep, log }: RunnerOptions,
): Promise<RunnerEnd> {
  const { promise, resolve } = Promise.withResolvers<RunnerEnd>();
  const giveUp = () => {
    const shards = placement.shardCount;
    log.fatal({ shards }, 'The runner could not hand over everything in time.');
    resolve('overdue');
  };
  const startTimer = () => void sleep(DRAIN_MS_MAX, life.signal).then(giveUp, () => undefined);
  if (drain.signal.aborted) startTimer();
  else drain.signal.addEventListener('abort', startTimer, { once: true });
  return promise;
}
