import type { Runner } from '#shared/repositories/runner-repository.ts';

/** How far from the mean a runner's load may be before anything is moved for it. */
export const BAND = 0.1;
/** A move aims at so much of what would make two runners even: what was measured is a little old. */
const DAMPENING = 0.8;
/** A shard without sessions counts a little, so that empty ones are spread too. */
const EMPTY_LOAD = 1;

export type PlannedShard = {
  readonly shard: number;
  /** Who holds its lease. */
  readonly owner?: string | undefined;
  /** Who is to hold it, by the round before. */
  readonly target?: string | undefined;
  readonly sessions: number;
  /** Of them, those that its owner has not begun to log in. */
  readonly waiting?: number;
};

export type Move = { readonly shard: number; readonly to: string };

type Named = Pick<Runner, 'runnerId'>;

export function byId(one: Named, other: Named): number {
  return one.runnerId < other.runnerId ? -1 : 1;
}

type Holder = {
  readonly runnerId: string;
  load: number;
  /** Of it, what has to log in yet. */
  waiting: number;
  readonly shards: PlannedShard[];
};

/** Who is to hold what, while it is being thought about. */
export class Draft {
  /** Those that may take shards, by their ids: the result does not depend on the order of what was read. */
  readonly #takers: readonly Holder[];
  readonly #byId: ReadonlyMap<string, Holder>;
  readonly #homes = new Map<number, string>();

  constructor(takers: readonly Named[]) {
    this.#takers = takers
      .map(({ runnerId }): Holder => ({ runnerId, load: 0, waiting: 0, shards: [] }))
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
    holder.waiting += waitingAt(holder, shard);
  }

  /** Places a shard that nobody holds any more where it is up soonest. */
  adopt(shard: PlannedShard): void {
    const taker = soonest(this.#takers);
    if (taker !== undefined) this.place(shard, taker.runnerId);
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
      this.#move(shard, donor, receiver);
      return true;
    }
    return false;
  }

  /**
   * Moves shards of which nothing is up from runners with more logins before them to ones with fewer, while their
   * sessions are up sooner there though a move takes the time of `cost` logins. Never to a runner that would have more
   * sessions than the one before: balance would send them back.
   */
  spreadLogins(cost: number): void {
    const donors = [...this.#takers].sort((one, other) => other.waiting - one.waiting);
    for (const donor of donors) {
      let goesOn = true;
      while (goesOn) goesOn = this.#spreadFrom(donor, cost);
    }
  }

  /** The shards whose home is another than it was. */
  changesOf(shards: readonly PlannedShard[]): Move[] {
    return shards.flatMap(({ shard, target }) => {
      const to = this.#homes.get(shard);
      return to === undefined || to === target ? [] : { shard, to };
    });
  }

  #spreadFrom(donor: Holder, cost: number): boolean {
    // Those with higher numbers log in later (`login-pacer.ts`).
    const shard = donor.shards.findLast((each) => isUntouched(donor, each));
    if (shard === undefined) return false;
    const load = loadOf(shard);
    const receiver = soonest(
      this.#takers.filter(
        (each) =>
          each.waiting + load + cost < donor.waiting && each.load + load <= donor.load - load,
      ),
    );
    if (receiver === undefined) return false;
    this.#move(shard, donor, receiver);
    return true;
  }

  #move(shard: PlannedShard, donor: Holder, receiver: Holder): void {
    donor.shards.splice(donor.shards.indexOf(shard), 1);
    donor.load -= loadOf(shard);
    donor.waiting -= waitingAt(donor, shard);
    this.place(shard, receiver.runnerId);
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

/** Who has fewest sessions to log in, and of those, fewest at all. */
function soonest(holders: readonly Holder[]): Holder | undefined {
  let best: Holder | undefined;
  for (const each of holders) {
    if (!best || (each.waiting - best.waiting || each.load - best.load) < 0) best = each;
  }
  return best;
}

/** What is yet to come to a runner has to log in as a whole. */
function waitingAt({ runnerId }: Named, shard: PlannedShard): number {
  return shard.owner === runnerId ? (shard.waiting ?? 0) : loadOf(shard);
}

/** Whether the runner holds the shard, and none of its sessions has begun to log in. */
function isUntouched({ runnerId }: Named, { owner, sessions, waiting = 0 }: PlannedShard): boolean {
  return owner === runnerId && sessions > 0 && waiting >= sessions;
}

export function loadOf({ sessions }: Pick<PlannedShard, 'sessions'>): number {
  return sessions + EMPTY_LOAD;
}
