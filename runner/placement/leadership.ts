import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';
import type { Leader, LeaderRepository } from '#shared/repositories/leader-repository.ts';
import type { Runner, RunnerRepository } from '#shared/repositories/runner-repository.ts';
import type { FleetLeader } from './fleet-leader.ts';
import { PeerWatch } from './peer-watch.ts';

/** So many of the oldest runners watch the leader and all others, so that a dead leader costs no second wait. */
const WATCHERS = 2;

export type LeadershipDeps = {
  readonly runnerId: string;
  readonly leaders: LeaderRepository;
  readonly runners: Pick<RunnerRepository, 'list'>;
  readonly fleetLeader: Pick<FleetLeader, 'round'>;
  readonly timings: PlacementTimings;
  readonly monotonicMs: () => number;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

type ReadTimes = { readonly beganMs: number; readonly endedMs: number };

/**
 * Whether this runner leads. Who leads is nothing but convenient: without a leader everybody goes on with what he has.
 *
 *   follows ── nobody leads, or the leader is dead or silent ──▶ leads ── another does, or it drains ──▶ follows
 */
export class Leadership {
  readonly #deps: LeadershipDeps;
  readonly #peers: PeerWatch;
  readonly #locks: PeerWatch;
  #own: Leader | undefined;

  constructor(deps: LeadershipDeps) {
    this.#deps = deps;
    this.#peers = new PeerWatch(deps.timings);
    this.#locks = new PeerWatch(deps.timings);
  }

  get isLeading(): boolean {
    return this.#own !== undefined;
  }

  /** Leads, watches or follows until the signal aborts; then it gives up the lead. */
  async followUntil(signal: AbortSignal): Promise<void> {
    const { timings, sleep, log } = this.#deps;
    while (!signal.aborted) {
      let delayMs = timings.lookEveryMs;
      try {
        delayMs = await this.#look();
      } catch (err) {
        log.error({ err }, 'The runners could not be looked at.');
      }
      await sleep(delayMs, signal).catch(() => undefined);
    }
    await this.#resign();
  }

  /** Answers when to look again. */
  async #look(): Promise<number> {
    const { runnerId, fleetLeader, timings } = this.#deps;
    await this.#renew();
    const { known, leader, read } = await this.#read();
    const silent = this.#peers.observe(known, read);
    const staying = known.filter(
      (runner) => runner.state === 'ALIVE' && !runner.drainRequested && !silent.includes(runner),
    );
    if (!staying.some((runner) => runner.runnerId === runnerId)) return timings.lookEveryMs;
    if (this.#own === undefined && this.#isVacant(leader, { known, read })) {
      await this.#acquire(leader);
    }
    if (this.#own !== undefined) {
      await fleetLeader.round({ leader: this.#own, known, silent });
      return timings.lookEveryMs;
    }
    return isWatcher(runnerId, staying, leader?.owner)
      ? timings.lookEveryMs
      : timings.censusEveryMs;
  }

  async #read(): Promise<{ known: Runner[]; leader: Leader | undefined; read: ReadTimes }> {
    const { leaders, runners, monotonicMs } = this.#deps;
    const beganMs = monotonicMs();
    const [known, leader] = await Promise.all([runners.list(), this.#own ?? leaders.get()]);
    return { known, leader, read: { beganMs, endedMs: monotonicMs() } };
  }

  #isVacant(
    leader: Leader | undefined,
    { known, read }: { known: readonly Runner[]; read: ReadTimes },
  ): boolean {
    if (leader === undefined) return true;
    const { owner, term, beat } = leader;
    const lock = { runnerId: `${owner} ${term}`, state: 'ALIVE', beat };
    const isSilent = this.#locks.observe([lock], read).length > 0;
    const state = known.find((runner) => runner.runnerId === owner)?.state ?? 'DEAD';
    return isSilent || state === 'DEAD';
  }

  async #acquire(seen: Leader | undefined): Promise<void> {
    const { leaders, runnerId, log } = this.#deps;
    this.#own = await leaders.acquire(seen, runnerId);
    if (this.#own) log.info({ term: this.#own.term }, 'The runner leads.');
  }

  async #renew(): Promise<void> {
    const { leaders, log } = this.#deps;
    if (this.#own === undefined) return;
    this.#own = await leaders.renew(this.#own);
    if (this.#own === undefined) log.warn('Another runner leads.');
  }

  async #resign(): Promise<void> {
    const { leaders, log } = this.#deps;
    const own = this.#own;
    this.#own = undefined;
    if (own === undefined) return;
    // Else its silence tells it.
    await leaders.resign(own).catch((err: unknown) => {
      log.error({ err }, 'The lead could not be given up.');
    });
  }
}

/** Whether the runner is one of the oldest apart from the leader. */
function isWatcher(
  runnerId: string,
  staying: readonly Runner[],
  leader: string | undefined,
): boolean {
  const oldest = staying
    .filter((runner) => runner.runnerId !== leader)
    .sort(
      (one, other) =>
        Date.parse(one.startedAt) - Date.parse(other.startedAt) ||
        (one.runnerId < other.runnerId ? -1 : 1),
    )
    .slice(0, WATCHERS);
  return oldest.some((runner) => runner.runnerId === runnerId);
}
