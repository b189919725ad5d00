/** The value of one runner. */
export function ofRunner<Value>(values: readonly Value[], runner: number): Value {
  const value = values[runner];
  if (value === undefined) throw new RangeError(`There is no runner ${runner}.`);
  return value;
}

/** The same values, with another one for one runner. */
export function withRunner<Value>(
  values: readonly Value[],
  runner: number,
  value: Value,
): readonly Value[] {
  return values.with(runner, value);
}

/** Runners are A, B, C. */
export function nameOf(runner: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + runner);
}

/**
 * An order of the runners that does not depend on their names: by what is written of each. States that differ in
 * names alone get one key if it is written in this order. Two of whom the same is written may stand either way:
 * then such states may be taken for two, which costs time and no truth.
 */
export function orderOf(described: readonly string[]): readonly number[] {
  return described
    .map((_, runner) => runner)
    .sort((a, b) => {
      const [textOfA, textOfB] = [ofRunner(described, a), ofRunner(described, b)];
      return textOfA < textOfB ? -1 : Number(textOfA > textOfB);
    });
}
