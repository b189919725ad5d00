import type { Step } from '../explore.ts';
import { nameOf, ofRunner, withRunner } from '../runners.ts';
import type { JournalRules } from './journal-model.ts';
import {
  countOf,
  epochOf,
  firstOf,
  type JournalState,
  lastOf,
  OUT,
  positionAfter,
  putOf,
  type RecordKind,
  recordAt,
  type Writer,
} from './journal-state.ts';

const KIND_WORDS = { F: 'its FENCE', D: 'data', C: 'its CLOSE' } as const;

type Moved = Step<JournalState>;

/** A runner that is out takes the session over, with an epoch of its own. */
export function stepsOfClaim(state: JournalState, runner: number, rules: JournalRules): Moved[] {
  if (ofRunner(state.writers, runner).phase !== 'out' || state.epoch >= rules.epochsMax) return [];
  const epoch = state.epoch + 1;
  return [{ does: `${nameOf(runner)} claims epoch ${epoch}`, to: claim(state, runner) }];
}

export function claim(state: JournalState, runner: number): JournalState {
  const epoch = state.epoch + 1;
  return { ...become(state, runner, { ...OUT, phase: 'claimed', epoch }), epoch };
}

/** A process ends at any moment. What it has asked for is still under way. */
export function stepsOfCrash(state: JournalState, runner: number): Moved[] {
  if (ofRunner(state.writers, runner).phase === 'out') return [];
  return [{ does: `${nameOf(runner)} is killed`, to: leave(state, runner) }];
}

export function leave(state: JournalState, runner: number): JournalState {
  return become(state, runner, OUT);
}

/** What a runner does from its claim on. */
export function stepsOfWriter(state: JournalState, runner: number, rules: JournalRules): Moved[] {
  const writer = ofRunner(state.writers, runner);
  if (writer.answer !== 'none') return waitForAnswer(state, runner, rules);
  switch (writer.phase) {
    case 'out':
      return [];
    case 'claimed': {
      const to = become(state, runner, { ...writer, phase: 'reading', base: state.snapshot });
      return [{ does: `${nameOf(runner)} reads the newest snapshot`, to }];
    }
    case 'reading':
      return [readLog(state, runner, rules)];
    case 'fencing':
      return hasRoom(writer, rules) ? [ask(state, runner, 'F', rules)] : [];
    case 'working':
      return [
        ...(hasRoom(writer, rules) ? [ask(state, runner, 'D', rules)] : []),
        ...(hasRoom(writer, rules) ? [ask(state, runner, 'C', rules)] : []),
        ...compact(state, runner, rules),
      ];
  }
}

function hasRoom({ view }: Writer, { slotsMax }: JournalRules): boolean {
  return countOf(view) < slotsMax;
}

/** The records behind the snapshot, up to the first slot where there is none. */
function readLog(state: JournalState, runner: number, rules: JournalRules): Moved {
  const writer = ofRunner(state.writers, runner);
  const { epoch, base } = writer;
  const view = base < state.deleted ? firstOf(state.written, base) : state.written;
  const does = `${nameOf(runner)} reads the log: ${countOf(view)} records`;
  if (countOf(view) < state.acknowledged) {
    return { does, to: state, breach: 'an acknowledged record is missing after a recovery' };
  }
  if (rules.loadChecksEpoch && epochOf(lastOf(view)) > epoch) {
    return { does: `${does}, some of a later owner, and ends`, to: leave(state, runner) };
  }
  const phase = rules.fence ? 'fencing' : 'working';
  const to = become(state, runner, { ...writer, base: 0, phase, view });
  return { does, to: rules.fence ? to : { ...to, began: Math.max(to.began, epoch) } };
}

/** Without write before wire, the ciphertext leaves now. */
function ask(state: JournalState, runner: number, kind: RecordKind, rules: JournalRules): Moved {
  const writer = ofRunner(state.writers, runner);
  const asking: Writer = { ...writer, answer: 'asked', writing: kind };
  const asked = become(send(state, asking), runner, asking);
  const does = `${nameOf(runner)} asks to write ${KIND_WORDS[kind]} to slot ${countOf(writer.view)}`;
  if (kind !== 'D' || rules.writeBeforeWire) return { does, to: asked };
  return emit(asked, asking, `${does} and sends its ciphertext`);
}

function send(state: JournalState, writer: Writer): JournalState {
  return { ...state, flight: [...state.flight, putOf(writer)].sort() };
}

/** The answer is seen, or it does not come and the PUT is tried again. */
function waitForAnswer(state: JournalState, runner: number, rules: JournalRules): Moved[] {
  const writer = ofRunner(state.writers, runner);
  const steps: Moved[] = [];
  if (writer.answer === 'written') steps.push(succeed(state, runner, rules));
  if (writer.answer === 'taken') steps.push(findTaken(state, runner, rules));
  if (state.retriesLeft > 0) {
    const again: JournalState = { ...state, retriesLeft: state.retriesLeft - 1 };
    const to = become(send(again, writer), runner, { ...writer, answer: 'asked' });
    steps.push({ does: `${nameOf(runner)} hears nothing and asks again`, to });
  }
  return steps;
}

function succeed(state: JournalState, runner: number, rules: JournalRules): Moved {
  const writer = ofRunner(state.writers, runner);
  const { writing, epoch } = writer;
  const view = putOf(writer);
  const count = countOf(view);
  const does = `${nameOf(runner)} learns that ${lastOf(view)} is written`;
  const known: JournalState = { ...state, acknowledged: Math.max(state.acknowledged, count) };
  const done: Writer = { ...writer, view, answer: 'none', writing: '-', phase: 'working' };
  switch (writing) {
    case 'F':
      return { does, to: { ...become(known, runner, done), began: Math.max(known.began, epoch) } };
    case 'C':
      // The CLOSE comes with a snapshot.
      return {
        does,
        to: { ...leave(known, runner), snapshot: Math.max(known.snapshot, count) },
      };
    case 'D': {
      const to = become(known, runner, done);
      if (!rules.writeBeforeWire) return { does, to };
      return emit(to, writer, `${does} and sends its ciphertext`);
    }
    case '-':
      throw new Error('An answer came to a writer that had asked for nothing.');
  }
}

/** The slot is read. Own bytes are a success whose answer was lost. */
function findTaken(state: JournalState, runner: number, rules: JournalRules): Moved {
  const writer = ofRunner(state.writers, runner);
  const { view, phase, epoch } = writer;
  const slot = countOf(view);
  const found = slot < state.deleted ? '' : recordAt(state.written, slot);
  if (found === lastOf(putOf(writer))) return succeed(state, runner, rules);
  const does = `${nameOf(runner)} finds ${found === '' ? 'nothing' : found} in slot ${slot}`;
  if (phase === 'fencing' && found !== '' && epochOf(found) < epoch) {
    const next: Writer = { ...writer, view: view + found, answer: 'none', writing: '-' };
    return { does: `${does} and tries the next`, to: become(state, runner, next) };
  }
  return { does: `${does} and ends`, to: leave(state, runner) };
}

/** A ciphertext leaves, made at the position of the ratchet that the writer's view gives. */
function emit(state: JournalState, { view, epoch }: Writer, does: string): Moved {
  const position = positionAfter(view);
  const before = Number(state.wire[position] ?? 0);
  if (before !== 0 && before !== epoch) {
    return { does, to: state, breach: 'two ciphertexts leave from one position of a ratchet' };
  }
  const wire = state.wire.padEnd(position + 1, '0');
  const after = `${wire.slice(0, position)}${epoch}${wire.slice(position + 1)}`;
  return { does, to: { ...state, wire: after } };
}

/** The state as of the view is written whole. */
function compact(state: JournalState, runner: number, { deletion }: JournalRules): Moved[] {
  const { view } = ofRunner(state.writers, runner);
  const count = countOf(view);
  if (deletion === 'never' || count <= state.snapshot) return [];
  const to: JournalState = { ...state, snapshot: count };
  const does = `${nameOf(runner)} writes a snapshot of ${count} records`;
  if (firstOf(state.written, count) !== view) {
    return [{ does, to, breach: 'a snapshot is not what the log says' }];
  }
  return [{ does, to }];
}

function become(state: JournalState, runner: number, writer: Writer): JournalState {
  return { ...state, writers: withRunner(state.writers, runner, writer) };
}
