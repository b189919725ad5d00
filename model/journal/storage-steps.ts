import type { Step } from '../explore.ts';
import type { JournalRules } from './journal-model.ts';
import {
  countOf,
  epochOf,
  firstOf,
  type JournalState,
  lastOf,
  type Put,
  putOf,
  recordAt,
  type Writer,
} from './journal-state.ts';

/** What the storage does by itself: PUTs arrive in any order, and covered slots are deleted. */
export function stepsOfStorage(state: JournalState, rules: JournalRules): Step<JournalState>[] {
  const steps = state.flight.map((put, index) => arrive(state, put, index));
  if (mayDelete(state, rules.deletion)) {
    const slot = state.deleted;
    steps.push({
      does: `slot ${slot} is deleted, as the snapshot covers it`,
      to: { ...state, deleted: slot + 1 },
    });
  }
  return steps;
}

/** A record is put where nothing is, or not at all. */
function arrive(state: JournalState, put: Put, index: number): Step<JournalState> {
  const slot = countOf(put) - 1;
  const record = lastOf(put);
  const isThere = slot >= state.deleted && slot < countOf(state.written);
  const answered: JournalState = {
    ...state,
    flight: state.flight.toSpliced(index, 1),
    writers: state.writers.map((writer) =>
      isWaitingFor(writer, put) ? { ...writer, answer: isThere ? 'taken' : 'written' } : writer,
    ),
  };
  if (isThere) return { does: `the PUT of ${record} finds slot ${slot} taken`, to: answered };
  const does = `the PUT of ${record} is written to slot ${slot}`;
  const breach = breachOfWriting(state, put);
  if (breach !== undefined) return { does, to: answered, breach };
  return { does, to: { ...answered, written: put } };
}

function breachOfWriting({ written, deleted, began }: JournalState, put: Put): string | undefined {
  const slot = countOf(put) - 1;
  const epoch = epochOf(lastOf(put));
  const view = firstOf(put, slot);
  if (slot < deleted) return 'a slot is written twice';
  if (view !== written) return 'a record is written on a view that is not the log';
  if (epoch < epochOf(lastOf(view))) return 'an epoch is lower than the one before';
  if (epoch < began) return 'an earlier owner writes after a later one has begun';
  return undefined;
}

/** An answer that was seen already, or that nobody waits for, changes nothing. */
function isWaitingFor(writer: Writer, put: Put): boolean {
  return writer.answer === 'asked' && putOf(writer) === put;
}

function mayDelete(state: JournalState, deletion: JournalRules['deletion']): boolean {
  const slot = state.deleted;
  if (deletion === 'never' || slot >= state.snapshot) return false;
  if (recordAt(state.written, slot) === '') return false;
  return deletion === 'early' || !isNeeded(state, slot);
}

/** Whether somebody lives, or some PUT is under way, that is not yet past a slot. */
function isNeeded({ flight, writers }: JournalState, slot: number): boolean {
  return (
    flight.some((put) => countOf(put) - 1 <= slot) ||
    writers.some(({ phase, base, view }) => {
      if (phase === 'reading') return base <= slot;
      return (phase === 'fencing' || phase === 'working') && countOf(view) <= slot;
    })
  );
}
