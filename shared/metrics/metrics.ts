import type { DimensionOf, MetricName } from '../contracts/metrics.ts';

/** Takes figures. It never throws and never waits: what is measured must not suffer from it. */
export interface Metrics {
  /** `dimension` is there just where the metric's definition names one. What is no finite number is dropped. */
  add<M extends MetricName>(metric: M, value: number, ...dimension: DimensionOf<M>): void;
}

/** Figures that are gathered, and written now and then. */
export interface GatheredMetrics extends Metrics {
  /** Writes what was gathered. */
  flush(): void;
  /** Writes what was gathered, and no more by itself. */
  close(): void;
}

/** Takes figures and forgets them. */
export const silentMetrics: GatheredMetrics = { add: ignore, flush: ignore, close: ignore };

function ignore(): void {}
