/** One thing that can happen next, in words, and what comes of it. */
export type Step<State> = {
  readonly does: string;
  readonly to: State;
  /** What the step itself breaks: a promise that cannot be read from the state after it. */
  readonly breach?: string;
};

/** Something that goes on in steps, one at a time and in any order. States are never changed in place. */
export type Model<State> = {
  readonly initial: State;
  /** All that can happen next. Nothing has to: whoever takes no step is slow, paused or cut off. */
  steps(state: State): readonly Step<State>[];
  /** The same for two states only if they differ in nothing but the names of runners. */
  keyOf(state: State): string;
  /** The promise that a state breaks. */
  breachIn(state: State): string | undefined;
};

export type Exploration = { readonly states: number; readonly edges: number } & (
  | { readonly kind: 'holds' }
  /** `trace` is a shortest way there. */
  | { readonly kind: 'broken'; readonly breach: string; readonly trace: readonly string[] }
  /** Not all states were seen: that nothing was found proves nothing. */
  | { readonly kind: 'capped' }
);

/** What was seen: each state as its key, with the index of the state that it was first reached from. */
class Seen {
  readonly keys: string[] = [];
  readonly #parents: number[] = [];
  readonly #known = new Set<string>();

  /** Answers whether it is new. */
  add(key: string, parent: number): boolean {
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.keys.push(key);
    this.#parents.push(parent);
    return true;
  }

  /** The keys from the initial state to this one. */
  pathTo(index: number): string[] {
    const path: string[] = [];
    for (let at = index; at >= 0; at = this.#parents[at] ?? -1) path.push(this.keys[at] ?? '');
    return path.reverse();
  }
}

/**
 * Visits every state that a model can reach, breadth first, and ends at the first breach. Only the states at the rim
 * are kept whole; of the others there is the key.
 */
export function explore<State>(
  model: Model<State>,
  { statesMax }: { readonly statesMax: number },
): Exploration {
  const seen = new Seen();
  let edges = 0;
  const broken = (breach: string, path: readonly string[], last?: string): Exploration => {
    const trace = retrace(model, path);
    if (last !== undefined) trace.push(last);
    return { kind: 'broken', breach, trace, states: seen.keys.length, edges };
  };

  seen.add(model.keyOf(model.initial), -1);
  const breach = model.breachIn(model.initial);
  if (breach !== undefined) return broken(breach, []);
  let rim: State[] = [model.initial];
  let rimStart = 0;
  while (rim.length > 0) {
    const nextStart = seen.keys.length;
    const next: State[] = [];
    for (const [offset, state] of rim.entries()) {
      const parent = rimStart + offset;
      for (const { does, to, breach: stepBreach } of model.steps(state)) {
        edges += 1;
        if (stepBreach !== undefined) return broken(stepBreach, seen.pathTo(parent), does);
        if (!seen.add(model.keyOf(to), parent)) continue;
        const stateBreach = model.breachIn(to);
        if (stateBreach !== undefined) {
          return broken(stateBreach, seen.pathTo(seen.keys.length - 1));
        }
        next.push(to);
      }
      if (seen.keys.length > statesMax) {
        return { kind: 'capped', states: seen.keys.length, edges };
      }
    }
    rim = next;
    rimStart = nextStart;
  }
  return { kind: 'holds', states: seen.keys.length, edges };
}

/**
 * The words of a path. A key stands for all states that differ in the runners' names alone, so the path is walked
 * again from the start: that way a runner keeps its name.
 */
function retrace<State>(model: Model<State>, path: readonly string[]): string[] {
  const trace: string[] = [];
  let state = model.initial;
  for (const key of path.slice(1)) {
    const step = model.steps(state).find(({ to }) => model.keyOf(to) === key);
    if (step === undefined) throw new Error('The keys of the model do not lead to its states.');
    trace.push(step.does);
    state = step.to;
  }
  return trace;
}
