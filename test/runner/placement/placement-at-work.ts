import { Fence } from '#runner/placement/fence.ts';
import { Placement, type ShardWork } from '#runner/placement/placement.ts';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import type { EmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { until } from '../../until.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';
import { ScriptedTime } from './scripted-time.ts';

/** Between two looks: of one that may find something to claim, and of one that holds all. */
const LOOK_DELAYS_MS: readonly number[] = [1_000, 10_000];
const SESSIONS = 10;

/** Sessions that are open from the start, and take as long to close as the test wants. */
class ScriptedWork implements ShardWork {
  readonly shard: number;
  readonly statusOfAll: InstanceStatus;
  sessionCount = SESSIONS;
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
    this.#tell(`closed ${this.shard}`);
  }

  statuses(): InstanceStatus[] {
    return Array.from({ length: this.sessionCount }, () => this.statusOfAll);
  }
}

/** A runner's placement on a table that it shares with others; its monotonic clock is the test's. */
export async function placementAtWork(
  storage: EmbeddedStorage,
  {
    runnerId = 'one',
    shardCount = 3,
    version,
  }: {
    runnerId?: string;
    shardCount?: number;
    version?: string;
  } = {},
) {
  const table = new FaultyTable(storage.table);
  const runners = new RunnerRepository(table);
  const leases = new LeaseRepository(table);
  const time = new ScriptedTime();
  const sleep = new ManualSleep();
  const fence = new Fence(0, time);
  const metrics = recordedMetrics();
  const { log, sentences } = listeningLog();
  const told: string[] = [];
  const works: ScriptedWork[] = [];
  const startedAt = new Date(`2026-11-22T12:00:0${runnerId.length}Z`);
  await runners.register(runnerId, { at: startedAt, ...(version !== undefined && { version }) });
  const placement = new Placement({
    runnerId,
    shardCount,
    leases,
    runners,
    fence,
    metrics,
    log,
    now: time.now,
    monotonicMs: time.monotonicMs,
    sleep: sleep.sleep,
    makeShard: ({ shard }) => {
      const work = new ScriptedWork(shard, (what) => told.push(what));
      works.push(work);
      return work;
    },
  });
  const drain = new AbortController();
  let looks = 0;
  return {
    placement,
    table,
    runners,
    leases,
    time,
    sleep,
    fence,
    metrics,
    sentences,
    told,
    works,
    drain,
    claim: () => placement.claimUntil(drain.signal),
    /** Waits until it has looked at the leases once more, and sleeps. */
    async looked(): Promise<void> {
      for (const delayMs of LOOK_DELAYS_MS) sleep.wake(delayMs);
      const count = () => sleep.asked.filter((ms) => LOOK_DELAYS_MS.includes(ms)).length;
      await until('it has looked', () => count() > looks);
      looks = count();
    },
    owners: async () =>
      (await leases.list(shardCount)).map((lease) =>
        lease.state === 'HELD' ? `${lease.owner} ${lease.epoch}` : 'free',
      ),
  };
}
