import type { MetricName } from '#shared/contracts/metrics.ts';
import type { GatheredMetrics } from '#shared/metrics/metrics.ts';

type Figure = readonly [name: MetricName, value: number, ...dimension: string[]];

export type RecordedMetrics = GatheredMetrics & {
  /** What was added, in order: the name, the value, and the dimension's value where there is one. */
  readonly figures: readonly Figure[];
  /** All values of one metric. */
  valuesOf(name: MetricName): number[];
};

/** Metrics that remember every figure. */
export function recordedMetrics(): RecordedMetrics {
  const figures: Figure[] = [];
  return {
    figures,
    valuesOf: (name) => figures.filter(([known]) => known === name).map(([, value]) => value),
    add: (name, value, ...dimension) => void figures.push([name, value, ...dimension]),
    flush: () => undefined,
    close: () => undefined,
  };
}
