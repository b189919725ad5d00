/** The value that this share of them does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** `p50 12 ms, p99 340 ms, most 1200 ms`. */
export function describeMs(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const at = (share: number) => `${Math.round(percentile(values, share))} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} (${values.length})`;
}
