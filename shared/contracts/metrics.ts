import { InstanceStatus } from '../domain/instance.ts';

/**
 * What is measured, by the names that dashboards and alarms use. CloudWatch bills each metric, and each value of
 * its dimension, as one metric: add one only when somebody will look at it.
 */
export const METRICS_NAMESPACE = 'WhatsappBots';

type Definition = {
  readonly unit: 'Count' | 'Milliseconds' | 'Percent';
  /**
   * `sum`: what is added within a minute is one figure. `each`: every figure counts for itself, so that there is an
   * average and a 99th percentile.
   */
  readonly kept: 'sum' | 'each';
  /** The name of the one dimension that splits the metric, and all the values that it has. */
  readonly dimension?: string;
  readonly values?: readonly string[];
};

export const METRICS = {
  /** Messages that the API took, and replies of bots. */
  MessagesAccepted: { unit: 'Count', kept: 'sum' },
  /** Messages that came to an end state: SENT (the server has it), FAILED, EXPIRED, CANCELED. */
  MessagesEnded: {
    unit: 'Count',
    kept: 'sum',
    dimension: 'State',
    values: ['SENT', 'FAILED', 'EXPIRED', 'CANCELED'],
  },
  /** From the API's answer to the server's acknowledgement. */
  SendLatency: { unit: 'Milliseconds', kept: 'each' },
  /** Every runner says once a minute how many of its instances have this status. */
  Sessions: { unit: 'Count', kept: 'each', dimension: 'Status', values: InstanceStatus.options },
  /** Every runner says once a minute how many sessions it holds, 0 too: the average is what a runner holds. */
  SessionsHeld: { unit: 'Count', kept: 'each' },
  /** Every runner says once a minute how many of the sessions that it holds are not connected. */
  SessionsDownShare: { unit: 'Percent', kept: 'each' },
  /** Posts to webhook endpoints: DELIVERED or FAILED. */
  WebhookAttempts: {
    unit: 'Count',
    kept: 'sum',
    dimension: 'Outcome',
    values: ['DELIVERED', 'FAILED'],
  },
  /** From the call to the end of the endpoint's answer, or to the failure. */
  WebhookLatency: { unit: 'Milliseconds', kept: 'each' },
  /** Shards that a runner held and had to give up without being asked. */
  LeasesLost: { unit: 'Count', kept: 'sum' },
  /** Runners that ended without a farewell. */
  RunnersDied: { unit: 'Count', kept: 'sum' },
  /** One durable write of auth state. */
  JournalLatency: { unit: 'Milliseconds', kept: 'each' },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof METRICS;

/** The value of the metric's dimension, as the rest of an argument list: nothing where it has none. */
export type DimensionOf<M extends MetricName> = (typeof METRICS)[M] extends {
  readonly values: readonly (infer Value extends string)[];
}
  ? [dimension: Value]
  : [];
