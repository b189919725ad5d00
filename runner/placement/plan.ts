import type { Runner } from '#shared/repositories/runner-repository.ts';
import { byId, Draft, loadOf, type Move, type PlannedShard } from './draft.ts';

/** Of all shards, what may be on the way at once for the sake of balance. */
const MOVED_SHARE_MAX = 0.02;

export type PlannedRunner = Pick<
  Runner,
  'runnerId' | 'state' | 'version' | 'startedAt' | 'drainRequested'
>;

export type PlanOptions = {
  /** Whether shards may move for the sake of balance. */
  readonly mayBalance?: boolean;
  /** A move takes as long as so many logins. */
  readonly moveCost?: number;
};

/**
 * Who is to work on what from now on: the shards whose target changes. Those of draining runners go to the least
 * loaded at once. So do those that nobody holds, but first to those who have fewest sessions to log in: one that has
 * just joined has room for all, and would be the longest in opening them. Nor need they stay there: a shard of which
 * nothing is up yet goes to whoever can open it sooner. Of all others a few move in a round, until all loads are within
 * the band.
 * A shard never goes to a runner that is DEAD or drains, nor to an older version when a newer one is there, so that no
 * session moves twice in a deployment. Nobody's safety depends on it: a claim asks the table.
 */
export function plan(
  runners: readonly PlannedRunner[],
  shards: readonly PlannedShard[],
  { mayBalance = true, moveCost = 0 }: PlanOptions = {},
): Move[] {
  const takers = chooseTakers(runners);
  if (takers.length === 0) return [];
  const draft = new Draft(takers);
  const staying = new Set(runners.filter(mayKeep).map(({ runnerId }) => runnerId));
  const homeless = shards.filter((shard) => homeOf(shard, staying) === undefined);
  for (const shard of shards) {
    const home = homeOf(shard, staying);
    if (home !== undefined) draft.place(shard, home);
  }
  homeless.sort((one, other) => loadOf(other) - loadOf(one) || one.shard - other.shard);
  const leaving = new Set(runners.filter(isLeaving).map(({ runnerId }) => runnerId));
  for (const shard of homeless) {
    if (leaving.has(shard.owner ?? '')) draft.place(shard, draft.leastLoaded().runnerId);
    else draft.adopt(shard);
  }
  draft.spreadLogins(moveCost);
  if (!mayBalance) return draft.changesOf(shards);
  // What its owner wants to be rid of moves anyhow.
  const onTheWay = shards.filter(
    (shard) => homeOf(shard, staying) !== shard.owner && staying.has(shard.owner ?? ''),
  ).length;
  const most = Math.max(1, Math.floor(shards.length * MOVED_SHARE_MAX));
  for (let moved = onTheWay; moved < most && draft.balanceOnce(); moved += 1);
  return draft.changesOf(shards);
}

/** Those that may take shards: alive, and of the version that started last. */
function chooseTakers(runners: readonly PlannedRunner[]): PlannedRunner[] {
  const alive = runners.filter(mayKeep);
  const newest = versionOf(alive);
  return alive.filter(({ version }) => !isOutdated(version, newest));
}

/** The version of the runner that started last: a deployment may be a return to an older one. */
export function versionOf(runners: readonly PlannedRunner[]): string | undefined {
  const [latest] = runners
    .filter(({ version }) => version !== undefined)
    .sort(
      (one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt) || byId(one, other),
    );
  return latest?.version;
}

/** A runner that does not know its version is nobody's older one. */
export function isOutdated(version: string | undefined, newest: string | undefined): boolean {
  return version !== undefined && newest !== undefined && version !== newest;
}

function mayKeep({ state, drainRequested }: PlannedRunner): boolean {
  return state === 'ALIVE' && !drainRequested;
}

/** It hands its sessions over one by one, and each as soon as it is asked for. */
function isLeaving({ state, drainRequested }: PlannedRunner): boolean {
  return state === 'DRAINING' || (state === 'ALIVE' && drainRequested);
}

/** Where the shard is to be as things are; `undefined` when that is nowhere. */
function homeOf({ target, owner }: PlannedShard, staying: ReadonlySet<string>): string | undefined {
  return [target, owner].find((runnerId) => runnerId !== undefined && staying.has(runnerId));
}
