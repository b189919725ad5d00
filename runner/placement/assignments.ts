import type { Lease } from '#shared/repositories/lease-repository.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';
import type { Move, PlannedShard } from './draft.ts';

/** So much of what was seen before is believed for a round: a shard that has just moved shows few sessions. */
const REMEMBERED = 0.8;

/**
 * The sessions of each shard as its owner tells. They rise at once and fall slowly; those of a shard that nobody holds
 * are what they were, or what a dead runner told last.
 */
export function estimateSessions(
  runners: readonly Runner[],
  before: ReadonlyMap<number, number>,
): Map<number, number> {
  const estimate = new Map(before);
  const lastWords = runners.filter(({ state }) => state === 'DEAD').flatMap(({ load }) => load);
  for (const { shard, sessions } of lastWords) {
    if (!before.has(shard)) estimate.set(shard, sessions);
  }
  const told = runners.filter(({ state }) => state !== 'DEAD').flatMap(({ load }) => load);
  for (const { shard, sessions } of told) {
    const least = Math.floor((before.get(shard) ?? 0) * REMEMBERED);
    estimate.set(shard, Math.max(sessions, least));
  }
  return estimate;
}

/**
 * The shards as the plan wants to know them. Those beyond `shardCount` are of a later configuration: who holds one
 * keeps it, and nobody else is found for it.
 */
export function toPlannedShards(
  leases: readonly Lease[],
  runners: readonly Runner[],
  { shardCount, sessions }: { shardCount: number; sessions: ReadonlyMap<number, number> },
): PlannedShard[] {
  const living = runners.filter(({ state }) => state !== 'DEAD');
  const ids = new Set(living.map(({ runnerId }) => runnerId));
  const named = new Map<number, string[]>();
  for (const { runnerId, assigned } of living) {
    for (const shard of assigned) named.set(shard, [...(named.get(shard) ?? []), runnerId]);
  }
  const begun = countBegun(living);
  return leases.flatMap((lease): PlannedShard[] => {
    const { shard } = lease;
    const owner = lease.state === 'HELD' && ids.has(lease.owner) ? lease.owner : undefined;
    if (shard >= shardCount && owner === undefined) return [];
    // While a move is being written, both are named: whoever does not hold it yet is to have it.
    const targets = named.get(shard) ?? [];
    const target = targets.find((runnerId) => runnerId !== owner) ?? targets[0];
    const count = sessions.get(shard) ?? 0;
    const waiting = Math.max(0, count - (begun.get(`${owner} ${shard}`) ?? 0));
    return [{ shard, owner, target, sessions: count, waiting }];
  });
}

/** How many sessions have begun to log in, by owner and shard. */
function countBegun(runners: readonly Runner[]): ReadonlyMap<string, number> {
  return new Map(
    runners.flatMap(({ runnerId, load }) =>
      load.map(({ shard, sessions, waiting = 0 }) => [`${runnerId} ${shard}`, sessions - waiting]),
    ),
  );
}

/** What a runner's record is to say, and what it says while the one that takes over has not been told. */
export type Assignment = {
  readonly runnerId: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
};

/** The records of living runners that the moves change. */
export function toAssignments(
  runners: readonly Runner[],
  shards: readonly PlannedShard[],
  moves: readonly Move[],
): Assignment[] {
  const moved = new Map(moves.map(({ shard, to }) => [shard, to]));
  const wanted = new Map<string, number[]>();
  for (const { shard, target, owner } of shards) {
    const home = moved.get(shard) ?? target ?? owner;
    if (home !== undefined) wanted.set(home, [...(wanted.get(home) ?? []), shard]);
  }
  return runners
    .filter(({ state }) => state !== 'DEAD')
    .map(({ runnerId, assigned }) => ({
      runnerId,
      before: assigned,
      after: wanted.get(runnerId) ?? [],
    }))
    .filter(({ before, after }) => gained(before, after) || gained(after, before));
}

/** Whether `after` names a shard that `before` does not. */
export function gained(before: readonly number[], after: readonly number[]): boolean {
  const known = new Set(before);
  return after.some((shard) => !known.has(shard));
}
