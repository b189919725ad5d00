import type { MetricName } from '../contracts/metrics.ts';

/** Takes figures. It never throws and never waits: what is measured must not suffer from it. */
export interface Metrics {
  /** `dimension` is there just where the metric's definition names one. */
  add(metric: MetricName, value: number, dimension?: string): void;
}
