import type { Step } from '../explore.ts';
import { nameOf, ofRunner } from '../runners.ts';
import { type LeaseRules, oldReadsCount, waitsForTicks } from './lease-rules.ts';
import { changeRunner, type LeaseState, type Watch } from './lease-state.ts';

/** What a runner sees of the others, and that it declares them dead. */
export function stepsOfPeers(
  state: LeaseState,
  runner: number,
  rules: LeaseRules,
): Step<LeaseState>[] {
  return state.runners.flatMap(({ record }, peer) => {
    if (peer === runner || record === 'dead') return [];
    return stepsOfPeer(state, runner, peer, rules);
  });
}

function stepsOfPeer(
  state: LeaseState,
  runner: number,
  peer: number,
  rules: LeaseRules,
): Step<LeaseState>[] {
  const { process, watches } = ofRunner(state.runners, runner);
  const watch = ofRunner(watches, peer);
  const names = `${nameOf(runner)} declares ${nameOf(peer)} dead`;
  if (watch === 'declaring') return [{ does: `${names}: written`, to: toDead(state, peer) }];
  if (process === 'ended') return [];
  const look = {
    does: `${nameOf(runner)} sees a heartbeat of ${nameOf(peer)}`,
    to: withWatch(state, runner, peer, 0),
  };
  if (watch === 'news') return [look];
  const declare = { does: `${names}: asked`, to: withWatch(state, runner, peer, 'declaring') };
  return [
    ...(oldReadsCount(rules) ? [look] : []),
    ...(watch >= waitsForTicks(rules) ? [declare] : []),
  ];
}

/** For good. What others had seen of it is of no use any more. */
export function toDead(state: LeaseState, dead: number): LeaseState {
  const buried = changeRunner(state, dead, { record: 'dead' });
  const runners = buried.runners.map((runner) => ({
    ...runner,
    watches: runner.watches.map((watch, seen) => (seen === dead ? 'news' : watch)),
  }));
  return { ...buried, runners };
}

function withWatch(state: LeaseState, runner: number, peer: number, watch: Watch): LeaseState {
  return changeRunner(state, runner, ({ watches, ...rest }) => ({
    ...rest,
    watches: watches.map((old, seen) => (seen === peer ? watch : old)),
  }));
}
