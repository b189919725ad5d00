import type { Model, Step } from './explore.ts';
import { type JournalRules, startOfJournal } from './journal/journal-model.ts';
import { describeJournal, describeWriter, type JournalState } from './journal/journal-state.ts';
import { stepsOfStorage } from './journal/storage-steps.ts';
import { claim, leave, stepsOfWriter } from './journal/writer-steps.ts';
import { startOfLease, stepsOfLease } from './lease/lease-model.ts';
import type { LeaseRules } from './lease/lease-rules.ts';
import { describeRunner, describeWatches, type LeaseState, mayAct } from './lease/lease-state.ts';
import { orderOf } from './runners.ts';

type BothState = { readonly lease: LeaseState; readonly journal: JournalState };

/**
 * The journal written by those who hold the lease, and take themselves for its holders: each claim of the lease is an
 * epoch, and each act is one of the journal. A PUT that is under way is the pause between the check and the write.
 * Judged is the journal alone: its promises have to hold whatever the leases do.
 */
export function bothModel(
  runners: number,
  rules: { readonly lease: LeaseRules; readonly journal: JournalRules },
): Model<BothState> {
  return {
    initial: { lease: startOfLease(runners), journal: startOfJournal(runners, rules.journal) },
    steps: ({ lease, journal }) => [
      ...stepsOfLease(lease, rules.lease).flatMap((step) =>
        follow(lease, step, journal, rules.journal),
      ),
      ...lease.runners.flatMap((runner, index) =>
        mayAct(runner) ? within(lease, stepsOfWriter(journal, index, rules.journal)) : [],
      ),
      ...within(lease, stepsOfStorage(journal, rules.journal)),
    ],
    keyOf: ({ lease, journal }) => {
      const writers = journal.writers.map(describeWriter);
      const described = describeRunner(lease).map((text, runner) => `${text}${writers[runner]}`);
      const order = orderOf(described);
      const inOrder = order.map((runner) => described[runner]).join('|');
      return `${describeJournal(journal)}|${inOrder}|${describeWatches(lease, order)}`;
    },
    breachIn: () => undefined,
  };
}

function within(lease: LeaseState, steps: readonly Step<JournalState>[]): Step<BothState>[] {
  return steps.map(({ to, ...step }) => ({ ...step, to: { lease, journal: to } }));
}

/** What a step of the leases means for the journal. */
function follow(
  before: LeaseState,
  { does, to: lease }: Step<LeaseState>,
  journal: JournalState,
  rules: JournalRules,
): Step<BothState>[] {
  let after = journal;
  for (const [index, runner] of lease.runners.entries()) {
    const was = before.runners[index];
    const stops = was !== undefined && mayAct(was) && !mayAct(runner);
    // Sessions are closed before their lease is given back: no PUT of theirs is waited for.
    const isOrderly = runner.process === 'up';
    if (stops && isOrderly && journal.writers[index]?.answer !== 'none') return [];
    if (stops) after = leave(after, index);
  }
  if (lease.owner !== before.owner && lease.owner !== 'nobody') {
    if (journal.epoch >= rules.epochsMax) return [];
    after = claim(leave(after, lease.owner), lease.owner);
  }
  return [{ does, to: { lease, journal: after } }];
}
