export type LeaseRules = {
  /** A runner lets go by its own clock so many ticks after its last good heartbeat began. */
  readonly ownTicks: number;
  /** Others declare it dead when they have seen no change for so many ticks. */
  readonly observeTicks: number;
  /** By how many ticks a clock may be wrong over such a time. */
  readonly driftTicks: number;
  /** The holder looks at its deadline before it acts. */
  readonly deadline: boolean;
  /** Looking at the deadline and acting is one step. It is not, in a process that may be frozen in between. */
  readonly checkIsAct: boolean;
  /** A claim is refused unless the lease is free or its owner DEAD. Else who is silent for long is enough. */
  readonly claimChecksDead: boolean;
  /** DEAD is written only on the heartbeat that was seen. */
  readonly deadComparesBeat: boolean;
  /**
   * Whoever decides has just read the table. Else what it goes by may be old: a read that was not strong, a process
   * that was frozen since.
   */
  readonly readsAreCurrent: boolean;
};

/**
 * A clock that is wrong may be wrong either way, so both ends are taken at their worst: whatever a better clock does
 * is among what these do. Here the holder's is slow, and it acts for longer.
 */
export function actsForTicks({ ownTicks, driftTicks }: LeaseRules): number {
  return ownTicks + driftTicks;
}

/** Here the observer's is fast, and it waits for less. */
export function waitsForTicks({ observeTicks, driftTicks }: LeaseRules): number {
  return observeTicks - driftTicks;
}

/**
 * Whether somebody may go on by a heartbeat that is not the last any more. Where every write compares what was read,
 * nothing comes of that, however old it is.
 */
export function oldReadsCount(rules: LeaseRules): boolean {
  return !rules.readsAreCurrent && !(rules.claimChecksDead && rules.deadComparesBeat);
}
