import type { Step } from '../explore.ts';
import { nameOf, ofRunner } from '../runners.ts';
import {
  changeRunner,
  freshRunner,
  type LeaseRunner,
  type LeaseState,
  toEnded,
} from './lease-state.ts';
import { toDead } from './peer-steps.ts';

/** A process is killed, is known to have ended, and starts anew. */
export function stepsOfLife(state: LeaseState, runner: number): Step<LeaseState>[] {
  const { process, record, isAboutToAct } = ofRunner(state.runners, runner);
  const name = nameOf(runner);
  if (process === 'up') {
    return [{ does: `${name} is killed`, to: changeRunner(state, runner, kill) }];
  }
  // A frozen process has not ended for those who look at it from outside.
  if (isAboutToAct) return [];
  if (record === 'alive') {
    return [{ does: `${name} is known to have ended and is DEAD`, to: toDead(state, runner) }];
  }
  if (state.owner === runner) return [];
  return [{ does: `${name} starts anew, under another id`, to: startAnew(state, runner) }];
}

/** Nothing that is frozen goes on after this. */
function kill(runner: LeaseRunner): LeaseRunner {
  return toEnded({ ...runner, isAboutToAct: false });
}

/** Nobody has seen the new process yet; what the old one had asked for is refused, as its record is dead. */
function startAnew(state: LeaseState, runner: number): LeaseState {
  const { length } = state.runners;
  return changeRunner(state, runner, () => freshRunner(length));
}
