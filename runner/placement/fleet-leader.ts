import type { Logger } from 'pino';
import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { type Leader, whileLed } from '#shared/repositories/leader-repository.ts';
import type { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import type { Runner, RunnerRepository } from '#shared/repositories/runner-repository.ts';
import {
  type Assignment,
  estimateSessions,
  gained,
  toAssignments,
  toPlannedShards,
} from './assignments.ts';
import { chooseOutdated } from './choose-outdated.ts';
import type { PlannedShard } from './draft.ts';
import { LOGIN_GAP_MS } from './login-pacer.ts';
import { plan } from './plan.ts';

/** A login takes so long at most where many are under way: twice its turn (`login-pacer.ts`). */
const LOGIN_MS = 2 * LOGIN_GAP_MS;
/** Before the first login and after the last: shards are claimed, and what waited for the sessions is sent. */
const SETTLING_MS = 4_000;

type Timings = Pick<PlacementTimings, 'beatEveryMs' | 'claimEveryMs'>;

export type FleetLeaderDeps = {
  readonly runnerId: string;
  readonly shardCount: number;
  readonly leases: Pick<LeaseRepository, 'list'>;
  readonly runners: Pick<RunnerRepository, 'assign' | 'markDead' | 'requestDrain'>;
  /** What the leader itself is to work on. */
  readonly onOwnShare: (shards: readonly number[]) => void;
  readonly timings: Timings;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly log: Logger;
};

/** What the leader saw at the start of a round. */
export type Sight = {
  readonly leader: Leader;
  readonly known: readonly Runner[];
  /** Those who have let go by themselves, by our own clock. */
  readonly silent: readonly Runner[];
};

/**
 * What the leader does: it declares silent runners dead, asks outdated ones to drain, and writes into each runner's
 * record what that is to work on. It may be wrong without harm: whoever claims asks the table.
 */
export class FleetLeader {
  readonly #deps: FleetLeaderDeps;
  #sessions: ReadonlyMap<number, number> = new Map();
  /** When all sessions that were last without a runner may be up again. */
  #peaceUntilMs = Number.NEGATIVE_INFINITY;

  constructor(deps: FleetLeaderDeps) {
    this.#deps = deps;
  }

  async round({ leader, known, silent }: Sight): Promise<void> {
    const { leases, shardCount, runnerId, onOwnShare, log } = this.#deps;
    const living = await this.#declareDead(known, silent);
    this.#sessions = estimateSessions(known, this.#sessions);
    const runners = await this.#askOutdated(living);
    const listed = await leases.list(shardCount);
    const shards = toPlannedShards(listed, runners, { shardCount, sessions: this.#sessions });
    const mayBalance = this.#mayBalance(shards, runners);
    const moves = plan(runners, shards, { mayBalance, moveCost: this.#moveCost });
    const assignments = toAssignments(runners, shards, moves);
    if (moves.length > 0) log.info({ shards: moves.length }, 'Shards are assigned anew.');
    if (!(await this.#write(assignments, leader))) return;
    const own = assignments.find((assignment) => assignment.runnerId === runnerId);
    const before = runners.find((runner) => runner.runnerId === runnerId)?.assigned;
    onOwnShare(own?.after ?? before ?? []);
  }

  /** In logins. */
  get #moveCost(): number {
    return Math.ceil(claimMs(this.#deps.timings) / LOGIN_GAP_MS);
  }

  /** Who has taken over sessions of a dead runner is left in peace while they log in: a move would do so once more. */
  #mayBalance(shards: readonly PlannedShard[], runners: readonly Runner[]): boolean {
    const nowMs = this.#deps.monotonicMs();
    const orphans = shards.filter(({ owner }) => owner === undefined);
    const sessions = orphans.reduce((sum, shard) => sum + shard.sessions, 0);
    const living = runners.filter(({ state }) => state === 'ALIVE').length;
    if (sessions > 0) this.#peaceUntilMs = nowMs + peaceMs({ sessions, runners: living });
    return nowMs >= this.#peaceUntilMs;
  }

  /** First those who gain something, so that they stand at the door when the owner lets go. */
  async #write(assignments: readonly Assignment[], leader: Leader): Promise<boolean> {
    const { runners } = this.#deps;
    const condition = whileLed(leader);
    for (const { runnerId, before, after } of assignments) {
      if (!gained(before, after)) continue;
      const both = [...new Set([...before, ...after])].sort((one, other) => one - other);
      // It has died, or another leads: the next round sees what is so.
      if (!(await runners.assign(runnerId, both, condition))) return false;
    }
    for (const { runnerId, before, after } of assignments) {
      if (gained(after, before)) await runners.assign(runnerId, after, condition);
    }
    return true;
  }

  /** Answers the runners as they are after it. */
  async #declareDead(known: readonly Runner[], silent: readonly Runner[]): Promise<Runner[]> {
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

  /** Answers the runners as they are after it. */
  async #askOutdated(runners: readonly Runner[]): Promise<readonly Runner[]> {
    const { now, log } = this.#deps;
    const sessionsOf = (peer: string) =>
      runners
        .filter(({ runnerId }) => runnerId === peer)
        .flatMap(({ assigned }) => assigned)
        .reduce((sum, shard) => sum + (this.#sessions.get(shard) ?? 0), 0);
    const outdated = chooseOutdated(runners, sessionsOf, now());
    if (outdated === undefined) return runners;
    log.info({ peer: outdated.runnerId }, 'A runner of another version is to drain.');
    await this.#deps.runners.requestDrain(outdated.runnerId);
    return runners.map((runner) =>
      runner === outdated ? { ...runner, drainRequested: true } : runner,
    );
  }
}

/** How long sessions may take to be up again when runners share them. */
export function peaceMs({ sessions, runners }: { sessions: number; runners: number }): number {
  return SETTLING_MS + Math.ceil(sessions / Math.max(1, runners)) * LOGIN_MS;
}

/** From the plan to the first login: a heartbeat that tells of it, and a claim. */
function claimMs({ beatEveryMs, claimEveryMs }: Timings): number {
  return beatEveryMs + 2 * claimEveryMs;
}
