import type { Runner } from '#shared/repositories/runner-repository.ts';

/** How far from the mean a runner's load may be before anything is moved for it. */
export const BAND = 0.1;
/** A move aims at so much of what would make two runners even: what was measured is a little old. */
const DAMPENING = 0.8;
/** Of all shards, what may be on the way at once for the sake of balance. */
const MOVED_SHARE_MAX = 0.02;
/** A shard without sessions counts a little, so that empty ones are spread too. */
const EMPTY_LOAD = 1;

export type PlannedRunner = Pick<
  Runner,
  'runnerId' | 'state' | 'version' | 'startedAt' | 'drainRequested'
>;

export type PlannedShard = {
  readonly shard: number;
  /** Who holds its lease. */
  readonly owner?: string | undefined;
  /** Who is to hold it, by the round before. */
  readonly target?: string | undefined;
  readonly sessions: number;
};

export type Move = { readonly shard: number; readonly to: string };

/**
 * Who is to work on what from now on: the shards whose target changes. Those of draining runners go to the least
 * loaded at once. So do those that nobody holds, but first to those who have fewest of them to log in: one that has just joined has room for all, and would be the longest in opening them. Of all others a few move in a round,
 * until all loads are within the band; none when it may not balance.
 * A shard never goes to a runner that is DEAD or drains, nor to an older version when a newer one is there, so that no
 * session moves twice in a deployment. Nobody's safety depends on it: a claim asks the table.
 */
export function plan(
  runners: readonly PlannedRunner[],
  shards: readonly PlannedShard[],
  { mayBalance = true }: { mayBalance?: boolean } = {},
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

function loadOf({ sessions }: Pick<PlannedShard, 'sessions'>): number {
  return sessions + EMPTY_LOAD;
}

type Named = { readonly runnerId: string };

function byId(one: Named, other: Named): number {
  return one.runnerId < other.runnerId ? -1 : 1;
}

type Holder = {
  readonly runnerId: string;
  load: number;
  /** Of it, what has to log in anew because its owner died. */
  adopted: number;
  readonly shards: PlannedShard[];
};

/** Who is to hold what, while it is being thought about. */
class Draft {
  /** Those that may take shards, by their ids: the result does not depend on the order of what was read. */
  readonly #takers: readonly Holder[];
  readonly #byId: ReadonlyMap<string, Holder>;
  readonly #homes = new Map<number, string>();

  constructor(takers: readonly PlannedRunner[]) {
    this.#takers = takers
      .map(({ runnerId }): Holder => ({ runnerId, load: 0, adopted: 0, shards: [] }))
      .sort(byId);
    this.#byId = new Map(this.#takers.map((taker) => [taker.runnerId, taker]));
  }

  /** What an older version keeps is not weighed: it will drain as a whole. */
  place(shard: PlannedShard, runnerId: string): void {
    this.#homes.set(shard.shard, runnerId);
    const holder = this.#byId.get(runnerId);
    if (holder === undefined) return;
    holder.shards.push(shard);
    holder.load += loadOf(shard);
  }

  /** Places a shard that nobody holds any more where it is up soonest. */
  adopt(shard: PlannedShard): void {
    const taker = this.#takers.reduce((best, each) =>
      (each.adopted - best.adopted || each.load - best.load) < 0 ? each : best,
    );
    taker.adopted += loadOf(shard);
    this.place(shard, taker.runnerId);
  }

  leastLoaded(): Holder {
    return this.#takers.reduce((least, taker) => (taker.load < least.load ? taker : least));
  }

  /** Moves one shard from a runner with too much to the one with least. `false` when nothing gets better by it. */
  balanceOnce(): boolean {
    const total = this.#takers.reduce((sum, { load }) => sum + load, 0);
    const mean = total / this.#takers.length;
    const receiver = this.leastLoaded();
    const donors = [...this.#takers].sort(
      (one, other) => other.load - one.load || byId(one, other),
    );
    for (const donor of donors) {
      const isInBand = donor.load <= mean * (1 + BAND) && receiver.load >= mean * (1 - BAND);
      if (isInBand || donor.load <= mean) return false;
      const shard = chooseShard(donor, receiver);
      if (shard === undefined) continue;
      donor.shards.splice(donor.shards.indexOf(shard), 1);
      donor.load -= loadOf(shard);
      this.place(shard, receiver.runnerId);
      return true;
    }
    return false;
  }

  changesOf(shards: readonly PlannedShard[]): Move[] {
    return shards.flatMap(({ shard, target }) => {
      const to = this.#homes.get(shard);
      return to === undefined || to === target ? [] : { shard, to };
    });
  }
}

/** The shard that brings the two closest to each other; `undefined` when each would only turn them about. */
function chooseShard(donor: Holder, receiver: Holder): PlannedShard | undefined {
  const difference = donor.load - receiver.load;
  const wanted = (DAMPENING * difference) / 2;
  const missOf = (shard: PlannedShard) => Math.abs(loadOf(shard) - wanted);
  return donor.shards
    .filter((shard) => loadOf(shard) < difference)
    .sort((one, other) => missOf(one) - missOf(other) || one.shard - other.shard)[0];
}
