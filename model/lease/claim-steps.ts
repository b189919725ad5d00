import type { Step } from '../explore.ts';
import { nameOf, ofRunner } from '../runners.ts';
import { type LeaseRules, waitsForTicks } from './lease-rules.ts';
import { changeRunner, type LeaseRunner, type LeaseState, toEnded } from './lease-state.ts';

/** The lease: claimed, known to be held, found to be another's, given back. */
export function stepsOfClaim(
  state: LeaseState,
  runner: number,
  rules: LeaseRules,
): Step<LeaseState>[] {
  const { process, part, overtaken } = ofRunner(state.runners, runner);
  const name = nameOf(runner);
  const steps: Step<LeaseState>[] = [];
  // What is under way arrives whether or not somebody waits for it.
  if (part === 'claiming') steps.push(takeLease(state, runner, rules));
  if (part === 'releasing') steps.push(giveBack(state, runner));
  if (process === 'ended') return steps;
  if (part === 'out' && mayTry(state, runner, rules)) {
    const to = changeRunner(state, runner, { part: 'claiming' });
    steps.push({ does: `${name} claims the lease: asked`, to });
  }
  if (part === 'won') {
    const to = changeRunner(state, runner, { part: 'holding' });
    steps.push({ does: `${name} learns that the lease is its own`, to });
  }
  if (part === 'holding' && overtaken) {
    const to = changeRunner(state, runner, toEnded);
    steps.push({ does: `${name} reads that the lease is another's and ends`, to });
  }
  if (part === 'holding' && !ofRunner(state.runners, runner).isAboutToAct) {
    // One that is overtaken is refused, so that nothing comes of it.
    const to = changeRunner(state, runner, {
      part: overtaken ? 'out' : 'releasing',
      overtaken: false,
    });
    steps.push({ does: `${name} stops working and gives the lease back: asked`, to });
  }
  return steps;
}

/** Whether a runner sees a lease that it may claim. */
function mayTry({ owner, runners }: LeaseState, runner: number, rules: LeaseRules): boolean {
  if (owner === 'nobody') return true;
  if (owner === runner) return false;
  if (ofRunner(runners, owner).record === 'dead') return true;
  const watch = ofRunner(ofRunner(runners, runner).watches, owner);
  return !rules.claimChecksDead && typeof watch === 'number' && watch >= waitsForTicks(rules);
}

/**
 * The transaction: the lease is still as it was seen (else the claim was struck out), the claimant's record is alive,
 * the owner's is DEAD.
 */
function takeLease(state: LeaseState, runner: number, rules: LeaseRules): Step<LeaseState> {
  const { owner, runners } = state;
  const { record, process } = ofRunner(runners, runner);
  const isOwnerGone = owner === 'nobody' || ofRunner(runners, owner).record === 'dead';
  if (record === 'dead' || (rules.claimChecksDead && !isOwnerGone)) {
    const to = changeRunner(state, runner, { part: 'out' });
    return { does: `${nameOf(runner)}'s claim is refused`, to };
  }
  const struck = strikeOut(state);
  const to = changeRunner(struck, runner, {
    part: process === 'up' ? 'won' : 'out',
    overtaken: false,
  });
  return { does: `${nameOf(runner)}'s claim is written`, to: { ...to, owner: runner } };
}

function giveBack(state: LeaseState, runner: number): Step<LeaseState> {
  const to: LeaseState = { ...strikeOut(state), owner: 'nobody' };
  return { does: `${nameOf(runner)} gives the lease back: written`, to };
}

/** The lease changes. Whoever refers to it as it was will be refused, or is overtaken and may not know. */
function strikeOut(state: LeaseState): LeaseState {
  return { ...state, runners: state.runners.map(toStruckOut) };
}

function toStruckOut(runner: LeaseRunner): LeaseRunner {
  switch (runner.part) {
    case 'out':
      // A process whose time is up may still be about to act.
      return runner.isAboutToAct ? { ...runner, overtaken: true } : runner;
    case 'claiming':
    case 'releasing':
      return { ...runner, part: 'out' };
    case 'won':
    case 'holding':
      return { ...runner, overtaken: true };
  }
}
