import type { Model } from '../explore.ts';
import { orderOf } from '../runners.ts';
import { describeJournal, describeWriter, type JournalState, OUT } from './journal-state.ts';
import { stepsOfStorage } from './storage-steps.ts';
import { stepsOfClaim, stepsOfCrash, stepsOfWriter } from './writer-steps.ts';

export type JournalRules = {
  /** A new owner writes a FENCE before it works. */
  readonly fence: boolean;
  /** Who finds records of a later owner when it loads has lost the session, and ends. */
  readonly loadChecksEpoch: boolean;
  /** A ciphertext leaves only when its record is known to be written. */
  readonly writeBeforeWire: boolean;
  /**
   * When the slots that a snapshot covers are deleted: `late` is when nobody lives who could miss them or write into
   * them. The system cannot know that; it waits for 48 h instead.
   */
  readonly deletion: 'late' | 'early' | 'never';
  readonly slotsMax: number;
  readonly epochsMax: number;
  /** How many PUTs are tried again in one run. */
  readonly retriesMax: number;
};

export function startOfJournal(runners: number, { retriesMax }: JournalRules): JournalState {
  return {
    epoch: 0,
    written: '',
    deleted: 0,
    snapshot: 0,
    flight: [],
    retriesLeft: retriesMax,
    writers: Array.from({ length: runners }, () => OUT),
    acknowledged: 0,
    wire: '',
    began: 0,
  };
}

/**
 * The journal without any clock: each runner may take itself for the owner at any time, for as long as it likes.
 * Whatever is promised here holds for pauses and cuts of any length.
 */
export function journalModel(runners: number, rules: JournalRules): Model<JournalState> {
  return {
    initial: startOfJournal(runners, rules),
    steps: (state) => [
      ...state.writers.flatMap((_, runner) => [
        ...stepsOfClaim(state, runner, rules),
        ...stepsOfWriter(state, runner, rules),
        ...stepsOfCrash(state, runner),
      ]),
      ...stepsOfStorage(state, rules),
    ],
    keyOf: (state) => {
      const writers = state.writers.map(describeWriter);
      const inOrder = orderOf(writers).map((runner) => writers[runner]);
      return `${describeJournal(state)}|${inOrder.join('|')}`;
    },
    // Each promise of the journal is about what a step does.
    breachIn: () => undefined,
  };
}
