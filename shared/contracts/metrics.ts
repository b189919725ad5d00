/**
 * What is measured, by the names that dashboards and alarms use. CloudWatch bills each metric, and each value of
 * its dimension, as one metric: add one only when somebody will look at it.
 */
export const METRICS_NAMESPACE = 'WhatsappBots';

type Definition = {
  readonly unit: 'Count' | 'Milliseconds';
  /** The name of the one dimension that splits the metric. */
  readonly dimension?: string;
};

export const METRICS = {
  /** Messages that the API took. */
  MessagesAccepted: { unit: 'Count' },
  /** Messages that came to an end state: SENT (the server has it), FAILED, EXPIRED, CANCELED. */
  MessagesEnded: { unit: 'Count', dimension: 'State' },
  /** From the API's answer to the server's acknowledgement. */
  SendLatency: { unit: 'Milliseconds' },
  /** Every runner says once a minute how many of its instances have this status. */
  Sessions: { unit: 'Count', dimension: 'Status' },
  /** Every runner says once a minute how many sessions it holds, 0 too: the average is what a runner holds. */
  SessionsHeld: { unit: 'Count' },
  /** Posts to webhook endpoints: DELIVERED or FAILED. */
  WebhookAttempts: { unit: 'Count', dimension: 'Outcome' },
  WebhookLatency: { unit: 'Milliseconds' },
  /** Shards that a runner held and had to give up without being asked. */
  LeasesLost: { unit: 'Count' },
  /** Runners that ended without a farewell. */
  RunnersDied: { unit: 'Count' },
  /** One durable write of auth state. */
  JournalLatency: { unit: 'Milliseconds' },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof METRICS;
