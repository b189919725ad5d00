import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRICS } from '#shared/contracts/metrics.ts';
import type { Config } from '../config.ts';
import { named } from '../names.ts';
import { metric } from './metric.ts';

const MINUTE = Duration.minutes(1);
const COUNTED = { statistic: 'Sum', period: MINUTE } as const;
const SLOWEST = { statistic: 'p99', period: MINUTE } as const;
const USUAL = { statistic: 'p50', period: MINUTE } as const;

/** CloudWatch divides a row into 24. */
const THIRD = 8;
const FULL = 24;

/** One page with what matters, the alarms first. Three dashboards are free. */
export function addDashboard(
  scope: Construct,
  { config, alarms }: { config: Config; alarms: readonly Alarm[] },
): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: config.prefix,
    periodOverride: PeriodOverride.INHERIT,
    defaultInterval: Duration.hours(3),
    widgets: [
      [new AlarmStatusWidget({ title: named(config, 'alarms'), alarms: [...alarms], width: FULL })],
      [
        graph('Messages accepted', [metric('MessagesAccepted', COUNTED)]),
        graph('Messages ended', perState()),
        graph('From accepted to the server (ms)', [
          metric('SendLatency', USUAL),
          metric('SendLatency', SLOWEST),
        ]),
      ],
      [
        graph('Sessions by status', perStatus()),
        graph('Sessions of a runner, and the share that is down (%)', [
          metric('SessionsHeld', { statistic: 'Average', period: MINUTE }),
          metric('SessionsDownShare', { statistic: 'Maximum', period: MINUTE }),
        ]),
        graph('Runners died, leases lost', [
          metric('RunnersDied', COUNTED),
          metric('LeasesLost', COUNTED),
        ]),
      ],
      [
        graph('Posts to webhooks', perOutcome()),
        graph('Posts to webhooks (ms)', [
          metric('WebhookLatency', USUAL),
          metric('WebhookLatency', SLOWEST),
        ]),
        graph('Writes of auth state (ms)', [
          metric('JournalLatency', USUAL),
          metric('JournalLatency', SLOWEST),
        ]),
      ],
    ],
  });
}

function perState(): IMetric[] {
  return METRICS.MessagesEnded.values.map((state) => metric('MessagesEnded', COUNTED, state));
}

function perStatus(): IMetric[] {
  return METRICS.Sessions.values.map((status) => metric('Sessions', COUNTED, status));
}

function perOutcome(): IMetric[] {
  return METRICS.WebhookAttempts.values.map((outcome) =>
    metric('WebhookAttempts', COUNTED, outcome),
  );
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: THIRD, leftYAxis: { min: 0 } });
}
