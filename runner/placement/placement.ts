import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { HeldLease, Lease, LeaseRepository } from '#shared/repositories/lease-repository.ts';
import type { RunnerRepository, ShardLoad } from '#shared/repositories/runner-repository.ts';
import type { Fence } from './fence.ts';
import { releaseLease } from './release-lease.ts';
import { isUntouched, loginsMsOf, type ShardWork } from './shard-work.ts';
import { Wakeup } from './wakeup.ts';

const CLAIMS_AT_ONCE = 16;
/** The runner that takes a shard hears of it at its next heartbeat: at the owner's second, it stands at the door. */
const BEATS_BEFORE_LEAVING = 2;
/** Of a drain's time, what may go by in waiting until the next owner has logged in the sessions of a shard. */
const PACING_MS_MAX = 45_000;

export type PlacementDeps = {
  readonly runnerId: string;
  readonly leases: Pick<LeaseRepository, 'get' | 'claim' | 'release'>;
  readonly runners: Pick<RunnerRepository, 'get' | 'list'>;
  readonly fence: Pick<Fence, 'close' | 'check'>;
  readonly makeShard: (lease: HeldLease) => ShardWork;
  readonly timings: PlacementTimings;
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

/**
 * Which shards this runner holds: it claims what is assigned to it, works on it, and hands over what no longer is.
 *
 *   assigned ── claimed ──▶ held ── assigned no more, twice ──▶ handed over          held ── drain ──▶ handed over
 */
export class Placement {
  readonly #deps: PlacementDeps;
  readonly #held = new Map<number, Held>();
  #assigned: ReadonlySet<number> = new Set();
  /** Of shards that are held: how many heartbeats in a row did not name them. */
  readonly #unnamed = new Map<number, number>();
  /** Shards whose claim had no answer: they may be ours. */
  readonly #unsure = new Set<number>();
  /** Shards that are just being handed over. */
  readonly #leaving = new Set<number>();
  readonly #claimWakeup: Wakeup;
  readonly #leaveWakeup: Wakeup;

  constructor(deps: PlacementDeps) {
    this.#deps = deps;
    this.#claimWakeup = new Wakeup(deps);
    this.#leaveWakeup = new Wakeup(deps);
  }

  get shardCount(): number {
    return this.#held.size;
  }

  get sessionCount(): number {
    return [...this.#held.values()].reduce((sum, { work }) => sum + work.sessionCount, 0);
  }

  loads(): ShardLoad[] {
    return [...this.#held.values()].map(({ lease, work }) => {
      const { sessionCount: sessions, waitingCount: waiting } = work;
      return { shard: lease.shard, sessions, ...(waiting > 0 && { waiting }) };
    });
  }

  /** Of each instance of the shards that are held. */
  statuses(): InstanceStatus[] {
    return [...this.#held.values()].flatMap(({ work }) => work.statuses());
  }

  /** What a heartbeat says that this runner is to work on. */
  assign(shards: readonly number[]): void {
    this.#assigned = new Set(shards);
    for (const shard of this.#held.keys()) {
      if (this.#assigned.has(shard)) this.#unnamed.delete(shard);
      else this.#unnamed.set(shard, (this.#unnamed.get(shard) ?? 0) + 1);
    }
    this.#claimWakeup.wake();
    this.#leaveWakeup.wake();
  }

  /** The leader's own share, which it need not wait for. What it is to be rid of, its heartbeats tell it. */
  claimSoon(shards: readonly number[]): void {
    const more = shards.filter((shard) => !this.#assigned.has(shard));
    if (more.length === 0) return;
    this.#assigned = new Set([...this.#assigned, ...more]);
    this.#claimWakeup.wake();
  }

  /** Claims what is assigned to it, and hands over what no longer is, until the signal aborts. */
  async workUntil(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#claimUntil(signal),
      this.#leaveUntil(signal),
      this.#checkUntil(signal),
    ]);
  }

  /**
   * Hands over one shard after the other: closes its sessions, then gives its lease back. The others work on until
   * somebody stands at the door for them; when nobody comes, they are let go all the same. Call it when no claim is
   * under way.
   */
  async drain(): Promise<void> {
    const { timings, monotonicMs, sleep } = this.#deps;
    const patienceMs = timings.deadAfterMs + 3 * timings.beatEveryMs;
    const startedMs = monotonicMs();
    const pacingMs = PACING_MS_MAX / Math.max(1, this.#held.size);
    while (this.#held.size > 0) {
      const isAwaited = await this.#isAwaited();
      const hasWaited = monotonicMs() - startedMs >= patienceMs;
      const next = isAwaited && !hasWaited ? this.#nextToLeave() : [...this.#held.values()][0];
      if (next === undefined) {
        await sleep(timings.claimEveryMs);
        continue;
      }
      const loginsMs = loginsMsOf(next.work);
      await this.#handOver(next);
      if (isAwaited && this.#held.size > 0) await sleep(Math.min(loginsMs, pacingMs));
    }
  }

  /**
   * Whether the lease of a shard that is held is still ours, by a strong read. When it is not, the fence closes.
   * An error leaves it open.
   */
  async isLeaseOurs(shard: number): Promise<boolean> {
    const { leases, runnerId, fence, log } = this.#deps;
    const held = this.#held.get(shard);
    const isSettled = () => this.#held.get(shard) === held && !this.#leaving.has(shard);
    if (held === undefined || !isSettled()) return false;
    const lease = await leases.get(shard);
    if (lease.state === 'HELD' && lease.owner === runnerId && lease.epoch === held.lease.epoch) {
      return true;
    }
    if (isSettled()) {
      log.error({ shard }, 'The lease of a shard is another’s.');
      fence.close('overruled');
    }
    return false;
  }

  async #claimUntil(signal: AbortSignal): Promise<void> {
    const { timings } = this.#deps;
    while (!signal.aborted) {
      const wake = this.#claimWakeup.arm();
      let delayMs = timings.claimEveryMs;
      const missing = this.#missing();
      const now = missing.slice(0, CLAIMS_AT_ONCE);
      const taken = await Promise.all(now.map((shard) => this.#tryToTake(shard)));
      if (missing.length > now.length && taken.some(Boolean)) delayMs = 0;
      if (this.#missing().length === 0) delayMs = timings.censusEveryMs;
      await this.#claimWakeup.pause(delayMs, wake, signal);
    }
  }

  /** Never rejects: the others are waited for, or one of them could be taken twice. */
  async #tryToTake(shard: number): Promise<boolean> {
    try {
      return await this.#take(shard);
    } catch (err) {
      this.#deps.log.error({ err }, 'The leases could not be looked at.');
      return false;
    }
  }

  async #leaveUntil(signal: AbortSignal): Promise<void> {
    const { timings, sleep } = this.#deps;
    while (!signal.aborted) {
      const wake = this.#leaveWakeup.arm();
      const next = this.#nextToLeave();
      if (next === undefined) {
        await this.#leaveWakeup.pause(timings.censusEveryMs, wake, signal);
        continue;
      }
      const loginsMs = loginsMsOf(next.work);
      await this.#handOver(next);
      await sleep(loginsMs, signal).catch(() => undefined);
    }
  }

  /** The table has the last word, though nobody may take what is held from a runner whose heart beats. */
  async #checkUntil(signal: AbortSignal): Promise<void> {
    const { timings, sleep, log } = this.#deps;
    for (;;) {
      await sleep(timings.censusEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        for (const shard of [...this.#held.keys()]) await this.isLeaseOurs(shard);
      } catch (err) {
        log.error({ err }, 'The leases could not be looked at.');
      }
    }
  }

  #missing(): number[] {
    const wanted = [...new Set([...this.#assigned, ...this.#unsure])];
    return wanted.filter((shard) => !this.#held.has(shard));
  }

  #nextToLeave(): Held | undefined {
    return [...this.#held.values()].find(({ lease, work }) => {
      // Nobody misses what is not up.
      const beats = isUntouched(work) ? 1 : BEATS_BEFORE_LEAVING;
      return (this.#unnamed.get(lease.shard) ?? 0) >= beats;
    });
  }

  /** Whether somebody is there to take what this runner lets go. */
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

  /** Takes a shard if it is to be had. A claim whose answer was lost is ours if the table says so. */
  async #take(shard: number): Promise<boolean> {
    const { leases, runners, runnerId } = this.#deps;
    const lease = await leases.get(shard);
    this.#unsure.delete(shard);
    if (lease.state === 'HELD' && lease.owner === runnerId) {
      this.#start(lease);
      return true;
    }
    if (!this.#assigned.has(shard)) return false;
    if (lease.state === 'HELD') {
      const owner = await runners.get(lease.owner);
      if (owner !== undefined && owner.state !== 'DEAD') return false;
    }
    return await this.#claim(lease);
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
      this.#unsure.add(shard);
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
    this.#leaving.add(shard);
    stop.abort();
    await ended;
    await releaseLease(lease, this.#deps);
    this.#held.delete(shard);
    this.#unnamed.delete(shard);
    this.#leaving.delete(shard);
    log.info({ shard, epoch }, 'The runner has handed over a shard.');
  }
}
