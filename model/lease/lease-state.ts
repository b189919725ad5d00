import { ofRunner, withRunner } from '../runners.ts';

/** One process of a runner, its record in the table, and what it knows of the others. */
export type LeaseRunner = {
  /** `ended`: it was killed, has found itself dead, or its time is up. It cannot act any more. */
  readonly process: 'up' | 'ended';
  readonly record: 'alive' | 'dead';
  /** Ticks since its last good heartbeat began. */
  readonly goodAge: number;
  /** Its heartbeat that is under way: what the table has made of it. */
  readonly beat: 'none' | 'asked' | 'written' | 'refused';
  /** Ticks since that one began. */
  readonly beatAge: number;
  /**
   *   out ─▶ claiming ─▶ won (does not know it) ─▶ holding ─▶ releasing ─▶ out
   */
  readonly part: 'out' | 'claiming' | 'won' | 'holding' | 'releasing';
  /** The lease that it has won or holds is another's by now. */
  readonly overtaken: boolean;
  /** It has checked that it may act, and is about to: only where these are two steps. */
  readonly isAboutToAct: boolean;
  /** What it has seen of each runner. */
  readonly watches: readonly Watch[];
};

/**
 * For how many ticks a runner's heartbeat has not changed, since it was seen for the first time; `news`: the next
 * look will see another one; `declaring`: it was silent for long enough, and the write that says so is under way.
 */
export type Watch = 'news' | number | 'declaring';

/**
 * The lease of one shard. There is no epoch, as every reference to a lease is struck out when the lease changes: what
 * compares epochs would find them different. So the states are finite, and runs may be of any length.
 */
export type LeaseState = {
  readonly owner: number | 'nobody';
  readonly runners: readonly LeaseRunner[];
};

export function freshRunner(runners: number): LeaseRunner {
  return {
    process: 'up',
    record: 'alive',
    goodAge: 0,
    beat: 'none',
    beatAge: 0,
    part: 'out',
    overtaken: false,
    isAboutToAct: false,
    watches: Array.from({ length: runners }, () => 'news' as const),
  };
}

/** The state after one runner has changed. */
export function changeRunner(
  state: LeaseState,
  runner: number,
  change: Partial<LeaseRunner> | ((before: LeaseRunner) => LeaseRunner),
): LeaseState {
  const before = ofRunner(state.runners, runner);
  const after = typeof change === 'function' ? change(before) : { ...before, ...change };
  return { ...state, runners: withRunner(state.runners, runner, after) };
}

/** It is fenced, or has ended. What it has asked for stays under way; what it knew does not matter any more. */
export function toEnded(runner: LeaseRunner): LeaseRunner {
  const { beat, part, watches, overtaken, isAboutToAct } = runner;
  return {
    ...runner,
    process: 'ended',
    goodAge: 0,
    beat: beat === 'asked' ? 'asked' : 'none',
    beatAge: 0,
    part: part === 'claiming' || part === 'releasing' ? part : 'out',
    overtaken: isAboutToAct && overtaken,
    watches: watches.map((watch) => (watch === 'declaring' ? watch : 'news')),
  };
}

/** Whether a runner takes the shard for its own and would do something for it. */
export function mayAct({ process, part }: LeaseRunner): boolean {
  return process === 'up' && part === 'holding';
}

/** What there is to say of a runner without naming another. */
export function describeRunner({ owner, runners }: LeaseState): string[] {
  return runners.map((runner, index) => {
    const { process, record, goodAge, beat, beatAge, part, overtaken, isAboutToAct } = runner;
    const life = `${process[0]}${record[0]}${goodAge}${beat[0]}${beatAge}`;
    const flags = `${Number(overtaken)}${Number(isAboutToAct)}${Number(owner === index)}`;
    return `${life}${part[0]}${flags}`;
  });
}

/** What they have seen of each other, in an order of the runners. */
export function describeWatches({ runners }: LeaseState, order: readonly number[]): string {
  let text = '';
  for (const observer of order) {
    for (const seen of order) {
      const watch = runners[observer]?.watches[seen];
      text += typeof watch === 'string' ? watch[0] : watch;
    }
  }
  return text;
}
