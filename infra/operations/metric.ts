import type { Duration } from 'aws-cdk-lib';
import { Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type DimensionOf,
  METRICS,
  METRICS_NAMESPACE,
  type MetricName,
} from '#shared/contracts/metrics.ts';

type View = {
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'SampleCount' | 'p50' | 'p99';
  readonly period: Duration;
};

const UNITS = {
  Count: Unit.COUNT,
  Milliseconds: Unit.MILLISECONDS,
  Percent: Unit.PERCENT,
} as const;

/** One of our own metrics, under the very name and dimension that the code writes. */
export function metric<M extends MetricName>(
  name: M,
  view: View,
  ...[value]: DimensionOf<M>
): Metric {
  const definition = METRICS[name];
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    unit: UNITS[definition.unit],
    ...view,
    ...('dimension' in definition &&
      value !== undefined && {
        dimensionsMap: { [definition.dimension]: value },
        label: value,
      }),
  });
}
