import type { Step } from '../explore.ts';
import { nameOf, ofRunner, withRunner } from '../runners.ts';
import { type LeaseRules, oldReadsCount } from './lease-rules.ts';
import { changeRunner, type LeaseState, toEnded, type Watch } from './lease-state.ts';

/** Heartbeats: begun, written by the table, answered; late, or never. */
export function stepsOfBeat(
  state: LeaseState,
  runner: number,
  rules: LeaseRules,
): Step<LeaseState>[] {
  const { process, beat } = ofRunner(state.runners, runner);
  const name = nameOf(runner);
  const steps: Step<LeaseState>[] = [];
  if (beat === 'asked') steps.push(arrive(state, runner, rules));
  if (process === 'ended') return steps;
  switch (beat) {
    case 'none': {
      const to = changeRunner(state, runner, { beat: 'asked', beatAge: 0 });
      return [{ does: `${name} begins a heartbeat`, to }];
    }
    case 'asked':
      return [...steps, lose(state, runner)];
    case 'written':
      return [...steps, renew(state, runner), lose(state, runner)];
    case 'refused': {
      const to = changeRunner(state, runner, toEnded);
      return [{ does: `${name} learns that it is DEAD and ends`, to }];
    }
  }
}

function arrive(state: LeaseState, runner: number, rules: LeaseRules): Step<LeaseState> {
  const { process, record } = ofRunner(state.runners, runner);
  const isWaiting = process === 'up';
  const name = nameOf(runner);
  if (record === 'dead') {
    const to = changeRunner(state, runner, { beat: isWaiting ? 'refused' : 'none', beatAge: 0 });
    return { does: `${name}'s heartbeat is refused`, to };
  }
  const written = changeRunner(state, runner, (beating) => ({
    ...beating,
    beat: isWaiting ? 'written' : 'none',
    beatAge: isWaiting ? beating.beatAge : 0,
  }));
  const runners = written.runners.map((observer) => {
    const watch = ofRunner(observer.watches, runner);
    const watches = withRunner(observer.watches, runner, watchAfterBeat(watch, rules));
    return { ...observer, watches };
  });
  return { does: `${name}'s heartbeat is written`, to: { ...written, runners } };
}

function watchAfterBeat(watch: Watch, rules: LeaseRules): Watch {
  // A DEAD that compares is refused from now on: it is as good as not written.
  if (watch === 'declaring') return rules.deadComparesBeat ? 'news' : watch;
  return oldReadsCount(rules) ? watch : 'news';
}

/** The deadline counts from the start of the heartbeat. One whose deadline has passed is not here any more. */
function renew(state: LeaseState, runner: number): Step<LeaseState> {
  const to = changeRunner(state, runner, (renewed) => ({
    ...renewed,
    goodAge: Math.min(renewed.goodAge, renewed.beatAge),
    beat: 'none',
    beatAge: 0,
  }));
  return { does: `${nameOf(runner)} learns that its heartbeat was good`, to };
}

function lose(state: LeaseState, runner: number): Step<LeaseState> {
  const to = changeRunner(state, runner, { beat: 'none', beatAge: 0 });
  return { does: `${nameOf(runner)}'s heartbeat has no answer`, to };
}
