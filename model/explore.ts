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
  const visit = new Visit(model);
  let rim = visit.start();
  while (rim.length > 0 && visit.breach === undefined) {
    if (visit.states > statesMax) {
      return { kind: 'capped', states: visit.states, edges: visit.edges };
    }
    rim = visit.beyond(rim);
  }
  const { states, edges, breach } = visit;
  return breach === undefined
    ? { kind: 'holds', states, edges }
    : { kind: 'broken', ...breach, states, edges };
}

class Visit<State> {
  edges = 0;
  breach: { readonly breach: string; readonly trace: readonly string[] } | undefined;
  readonly #model: Model<State>;
  readonly #seen = new Seen();
  /** The index of the first state of the rim; the others follow it. */
  #rimStart = 0;

  constructor(model: Model<State>) {
    this.#model = model;
  }

  get states(): number {
    return this.#seen.keys.length;
  }

  start(): State[] {
    const { initial } = this.#model;
    this.#meet(initial, -1);
    return [initial];
  }

  /** The states that are one step behind the rim and new. */
  beyond(rim: readonly State[]): State[] {
    const nextStart = this.states;
    const next: State[] = [];
    for (const [offset, state] of rim.entries()) {
      const parent = this.#rimStart + offset;
      for (const { does, to, breach } of this.#model.steps(state)) {
        this.edges += 1;
        if (breach !== undefined) this.#break(breach, parent, does);
        else if (this.#meet(to, parent)) next.push(to);
        if (this.breach !== undefined) return [];
      }
    }
    this.#rimStart = nextStart;
    return next;
  }

  /** Answers whether the state is new. */
  #meet(state: State, parent: number): boolean {
    if (!this.#seen.add(this.#model.keyOf(state), parent)) return false;
    const breach = this.#model.breachIn(state);
    if (breach !== undefined) this.#break(breach, this.states - 1);
    return true;
  }

  #break(breach: string, index: number, ...last: string[]): void {
    const trace = [...retrace(this.#model, this.#seen.pathTo(index)), ...last];
    this.breach = { breach, trace };
  }
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
