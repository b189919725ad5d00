import type { Model, Step } from '../explore.ts';
import { nameOf, ofRunner, orderOf } from '../runners.ts';
import { stepsOfBeat } from './beat-steps.ts';
import { stepsOfClaim } from './claim-steps.ts';
import { actsForTicks, type LeaseRules, waitsForTicks } from './lease-rules.ts';
import {
  changeRunner,
  describeRunner,
  describeWatches,
  freshRunner,
  type LeaseState,
  mayAct,
  toEnded,
} from './lease-state.ts';
import { stepsOfLife } from './life-steps.ts';
import { stepsOfPeers } from './peer-steps.ts';

/**
 * One shard and its lease, runners with clocks, and a table that answers late or never. A pause needs no step of its
 * own: whoever takes none while the clock goes on is paused, and then goes on with what it was about to do.
 */
export function leaseModel(runners: number, rules: LeaseRules): Model<LeaseState> {
  return {
    initial: startOfLease(runners),
    steps: (state) => stepsOfLease(state, rules),
    keyOf: (state) => {
      const described = describeRunner(state);
      const order = orderOf(described);
      const inOrder = order.map((runner) => described[runner]).join('|');
      return `${inOrder}|${describeWatches(state, order)}`;
    },
    breachIn: (state) => breachOfLease(state, rules),
  };
}

export function startOfLease(runners: number): LeaseState {
  const fresh = freshRunner(runners);
  return { owner: 'nobody', runners: Array.from({ length: runners }, () => fresh) };
}

export function stepsOfLease(state: LeaseState, rules: LeaseRules): Step<LeaseState>[] {
  return [
    ...state.runners.flatMap((_, runner) => [
      ...stepsOfBeat(state, runner, rules),
      ...stepsOfPeers(state, runner, rules),
      ...stepsOfClaim(state, runner, rules),
      ...stepsOfLife(state, runner),
      ...stepsOfActing(state, runner, rules),
    ]),
    tick(state, rules),
  ];
}

/** Where checking and acting are one step, `breachOfLease` says at once whether acting would be a breach. */
function stepsOfActing(
  state: LeaseState,
  runner: number,
  { checkIsAct }: LeaseRules,
): Step<LeaseState>[] {
  const acting = ofRunner(state.runners, runner);
  if (checkIsAct) return [];
  const name = nameOf(runner);
  if (acting.isAboutToAct) {
    const to = changeRunner(state, runner, { isAboutToAct: false });
    const does = `${name} acts`;
    return acting.overtaken
      ? [{ does, to, breach: 'a runner acts after another has claimed its lease' }]
      : [{ does, to }];
  }
  if (!mayAct(acting)) return [];
  return [
    {
      does: `${name} finds that it may act, and is about to`,
      to: changeRunner(state, runner, { isAboutToAct: true }),
    },
  ];
}

/**
 * Whoever may act holds the lease by the table's own word; so no two may at once. Where the check and the act are two
 * steps, only the act counts.
 */
function breachOfLease(state: LeaseState, { checkIsAct }: LeaseRules): string | undefined {
  if (!checkIsAct) return undefined;
  const isBroken = state.runners.some(
    (runner, index) => mayAct(runner) && (runner.overtaken || state.owner !== index),
  );
  return isBroken ? 'a runner acts after another has claimed its lease' : undefined;
}

/** All clocks go on. Whose deadline passes is fenced, whenever it notices. */
function tick(state: LeaseState, rules: LeaseRules): Step<LeaseState> {
  const ageMax = actsForTicks(rules);
  const watchMax = waitsForTicks(rules);
  const runners = state.runners.map((runner) => {
    if (runner.process === 'ended') return runner;
    const goodAge = Math.min(runner.goodAge + 1, ageMax);
    const aged = {
      ...runner,
      goodAge,
      beatAge: runner.beat === 'none' ? 0 : Math.min(runner.beatAge + 1, ageMax),
      watches: runner.watches.map((watch) =>
        typeof watch === 'number' ? Math.min(watch + 1, watchMax) : watch,
      ),
    };
    return rules.deadline && goodAge >= ageMax ? toEnded(aged) : aged;
  });
  return { does: 'a tick goes by', to: { ...state, runners } };
}
