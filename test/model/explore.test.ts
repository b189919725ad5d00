import { describe, expect, it } from 'vitest';
import { explore, type Model } from '../../model/explore.ts';

/** Two cups that are filled from a tap, emptied, and poured into each other. */
function cups(sizes: readonly [number, number], forbidden?: number): Model<[number, number]> {
  const [largest, smallest] = sizes;
  return {
    initial: [0, 0],
    steps: ([a, b]) => {
      const over = Math.min(a, smallest - b);
      const back = Math.min(b, largest - a);
      return [
        { does: 'fill A', to: [largest, b] },
        { does: 'fill B', to: [a, smallest] },
        { does: 'empty A', to: [0, b] },
        { does: 'empty B', to: [a, 0] },
        { does: 'pour A into B', to: [a - over, b + over] },
        { does: 'pour B into A', to: [a + back, b - back] },
      ];
    },
    keyOf: (state) => state.join(),
    breachIn: (state) => (state.includes(forbidden ?? -1) ? `${forbidden} is measured` : undefined),
  };
}

const AMPLE = { statesMax: 1_000 };

describe('explore', () => {
  it('visits every state that can be reached, once, and counts every step', () => {
    // With cups of 5 and 3 there are the states where one of them is full or empty.
    expect(explore(cups([5, 3]), AMPLE)).toEqual({ kind: 'holds', states: 16, edges: 16 * 6 });
  });

  it('finds a shortest way to a breach, in words', () => {
    expect(explore(cups([5, 3], 4), AMPLE)).toMatchObject({
      kind: 'broken',
      breach: '4 is measured',
      trace: ['fill A', 'pour A into B', 'empty B', 'pour A into B', 'fill A', 'pour A into B'],
    });
  });

  it('ends at a step that is a breach by itself, and tells it last', () => {
    const model: Model<number> = {
      initial: 0,
      steps: (at) => [
        { does: `from ${at}`, to: at + 1, ...(at === 2 && { breach: 'a step too far' }) },
      ],
      keyOf: String,
      breachIn: () => undefined,
    };
    expect(explore(model, AMPLE)).toEqual({
      kind: 'broken',
      breach: 'a step too far',
      trace: ['from 0', 'from 1', 'from 2'],
      states: 3,
      edges: 3,
    });
  });

  it('sees a breach in the initial state', () => {
    expect(explore(cups([5, 3], 0), AMPLE)).toMatchObject({ kind: 'broken', trace: [] });
  });

  it('says that it has not seen everything when there are too many states', () => {
    const model: Model<number> = {
      initial: 0,
      steps: (at) => [{ does: 'on', to: at + 1 }],
      keyOf: String,
      breachIn: () => undefined,
    };
    expect(explore(model, { statesMax: 10 })).toMatchObject({ kind: 'capped', states: 11 });
  });

  it('takes states with one key for one, and keeps the names on the way to a breach', () => {
    // Two that are alike count up; the key knows only how far each is, not who.
    const model: Model<readonly [number, number]> = {
      initial: [0, 0],
      steps: ([a, b]) => [
        ...(a < 2 ? [{ does: 'A', to: [a + 1, b] as const }] : []),
        ...(b < 2 ? [{ does: 'B', to: [a, b + 1] as const }] : []),
      ],
      keyOf: (state) => state.toSorted((a, b) => a - b).join(),
      breachIn: ([a, b]) => (a + b === 4 ? 'both are at the end' : undefined),
    };
    const found = explore(model, AMPLE);
    expect(found).toMatchObject({ kind: 'broken', states: 6 });
    const trace = found.kind === 'broken' ? found.trace.toSorted() : [];
    expect(trace).toEqual(['A', 'A', 'B', 'B']);
  });
});
