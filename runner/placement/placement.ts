import type { Logger } from 'pino';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { HeldLease, Lease, LeaseRepository } from '#shared/repositories/lease-repository.ts';
import type { Runner, RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { chooseClaims, chooseOutdated } from './choose-claims.ts';
import type { Fence } from './fence.ts';
import { LOGIN_GAP_MS } from './login-pacer.ts';
import { PeerWatch } from './peer-watch.ts';

/** How soon a shard that was let go is claimed: most of the gap of its sessions. Two strong reads each time. */
const LOOK_EVERY_MS = 1_000;
/** Whoever holds all shards has none to claim: every second, the reads would cost more than its heartbeats. */
const LOOK_WITH_ALL_EVERY_MS = 10_000;
const CLAIMS_AT_ONCE = 16;
/** Of a drain's time, what may go by in waiting until the next owner has logged in the sessions of a shard. */
const PACING_MS_MAX = 45_000;
/** After a fault of the table. */
const FAULT_DELAY_MS = 1_000;

/** What works on a shard while its lease is held. */
export type ShardWork = {
  /** Resolves, with every session closed, when the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  readonly sessionCount: number;
  /** Of each of its instances. */
  statuses(): readonly InstanceStatus[];
};

export type PlacementDeps = {
  readonly runnerId: string;
  readonly shardCount: number;
  readonly leases: LeaseRepository;
  readonly runners: RunnerRepository;
  readonly fence: Pick<Fence, 'close' | 'check'>;
  readonly makeShard: (lease: HeldLease) => ShardWork;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

type Held = {
  readonly lease: HeldLease;
  readonly work: ShardWork;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
};

/** Which shards this runner holds: it claims what it may, works on it, and hands it over when it is to end. */
export class Placement {
  readonly #deps: PlacementDeps;
  readonly #held = new Map<number, Held>();
  readonly #peers = new PeerWatch();

  constructor(deps: PlacementDeps) {
    this.#deps = deps;
  }

  get shardCount(): number {
    return this.#held.size;
  }

  get sessionCount(): number {
    return [...this.#held.values()].reduce((sum, { work }) => sum + work.sessionCount, 0);
  }

  /** Of each instance of the shards that are held. */
  statuses(): InstanceStatus[] {
    return [...this.#held.values()].flatMap(({ work }) => work.statuses());
  }

  /** Claims shards until the signal aborts. */
  async claimUntil(signal: AbortSignal): Promise<void> {
    const { log, sleep } = this.#deps;
    while (!signal.aborted) {
      let delayMs = LOOK_EVERY_MS;
      try {
        const left = await this.#look(signal);
        if (this.#held.size === this.#deps.shardCount) delayMs = LOOK_WITH_ALL_EVERY_MS;
        if (left > 0) delayMs = 0;
      } catch (err) {
        log.error({ err }, 'The leases could not be looked at.');
      }
      await sleep(delayMs, signal).catch(() => undefined);
    }
  }

  /**
   * Hands over one shard after the other: closes its sessions, then gives its lease back. The others work on until
   * it is their turn, and that comes no sooner than another runner can log in the sessions before. Call it when no
   * claim is under way.
   */
  async drain(): Promise<void> {
    const shards = [...this.#held.values()];
    for (const held of shards) {
      const { sessionCount } = held.work;
      await this.#handOver(held);
      if (this.#held.size === 0 || !(await this.#isAwaited())) continue;
      const loginsMs = sessionCount * LOGIN_GAP_MS;
      await this.#deps.sleep(Math.min(loginsMs, PACING_MS_MAX / shards.length));
    }
  }

  /** Whether somebody stands by to take what this runner lets go. */
  async #isAwaited(): Promise<boolean> {
    const { runners, runnerId, log } = this.#deps;
    try {
      const peers = await runners.list();
      return peers.some((peer) => peer.runnerId !== runnerId && peer.state === 'ALIVE');
    } catch (err) {
      log.error({ err }, 'The runners could not be looked at.');
      return false;
    }
  }

  /** Answers how many claims are left for another time. */
  async #look(signal: AbortSignal): Promise<number> {
    const { leases, runners, runnerId, shardCount, monotonicMs } = this.#deps;
    const all = await leases.list(shardCount);
    this.#compare(all);
    const beganMs = monotonicMs();
    const known = await runners.list();
    const silent = this.#peers.observe(known, { beganMs, endedMs: monotonicMs() });
    const peers = await this.#declareDead(known, silent);
    for (const outdated of chooseOutdated(peers, runnerId)) {
      this.#deps.log.info({ peer: outdated.runnerId }, 'A runner of another version is to drain.');
      await runners.requestDrain(outdated.runnerId);
    }
    const claims = signal.aborted ? [] : chooseClaims(all, peers, runnerId);
    const now = claims.slice(0, CLAIMS_AT_ONCE);
    const taken = await Promise.all(now.map((lease) => this.#claim(lease)));
    return taken.every(Boolean) ? claims.length - now.length : 0;
  }

  /** The table has the last word. A claim whose answer was lost is ours if it says so. */
  #compare(leases: readonly Lease[]): void {
    const { runnerId, fence } = this.#deps;
    for (const lease of leases) {
      const isOurs = lease.state === 'HELD' && lease.owner === runnerId;
      const held = this.#held.get(lease.shard);
      if (held === undefined && isOurs) this.#start(lease);
      if (held !== undefined && !(isOurs && lease.epoch === held.lease.epoch)) {
        fence.close('overruled');
      }
    }
  }

  /** Answers the runners as they are after it. */
  async #declareDead(
    known: readonly Runner[],
    silent: readonly Runner[],
  ): Promise<readonly Runner[]> {
    const { runners, runnerId, metrics, now, log } = this.#deps;
    const dead = new Set<string>();
    for (const { runnerId: peer, beat } of silent) {
      if (peer === runnerId || !(await runners.markDead(peer, { at: now(), beat }))) continue;
      dead.add(peer);
      metrics.add('RunnersDied', 1);
      log.warn({ peer }, 'A runner has fallen silent; it is declared dead.');
    }
    return known.map((runner) =>
      dead.has(runner.runnerId) ? { ...runner, state: 'DEAD' } : runner,
    );
  }

  async #claim(seen: Lease): Promise<boolean> {
    const { leases, runnerId, log } = this.#deps;
    const { shard } = seen;
    try {
      const lease = await leases.claim(seen, runnerId);
      if (lease === undefined) return false;
      log.info({ shard, epoch: lease.epoch }, 'The runner has claimed a shard.');
      this.#start(lease);
      return true;
    } catch (err) {
      // The next look tells whether it was taken.
      log.error({ err, shard }, 'The claim of a shard has no answer.');
      return false;
    }
  }

  #start(lease: HeldLease): void {
    const { makeShard, fence, log } = this.#deps;
    const { shard } = lease;
    const work = makeShard(lease);
    const stop = new AbortController();
    const ended = work.run(stop.signal).catch((err: unknown) => {
      log.fatal({ err, shard }, 'The keeper of a shard broke.');
      fence.close('broken');
    });
    this.#held.set(shard, { lease, work, stop, ended });
  }

  async #handOver({ lease, stop, ended }: Held): Promise<void> {
    const { log } = this.#deps;
    const { shard, epoch } = lease;
    stop.abort();
    await ended;
    await this.#release(lease);
    this.#held.delete(shard);
    log.info({ shard, epoch }, 'The runner has handed over a shard.');
  }

  /** Tries for as long as the runner lives: a lease that is not given back keeps the shard from all others. */
  async #release(lease: HeldLease): Promise<void> {
    const { leases, fence, sleep, log } = this.#deps;
    for (;;) {
      fence.check();
      try {
        // It is no longer ours when an earlier try, or the SDK's, had no answer.
        await leases.release(lease);
        return;
      } catch (err) {
        log.error({ err, shard: lease.shard }, 'A lease could not be given back.');
        await sleep(FAULT_DELAY_MS);
      }
    }
  }
}
