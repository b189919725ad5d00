import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { DEAD_LETTERS, named } from '../names.ts';
import { metric } from './metric.ts';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** What somebody must look at. CloudWatch bills the metrics that alarms look at: ten are free, and these are ten. */
type AlarmRule = {
  readonly id: string;
  /** What is wrong, and where to look: it is what the e-mail says. */
  readonly description: string;
  readonly metric: IMetric;
  /** It goes off above this, or below, where silence is the worst news of all. */
  readonly threshold: { readonly above: number } | { readonly below: number };
  /** How many periods it must last. */
  readonly periods: number;
};

export type Watched = { readonly apiId: string; readonly messagesFunctionName: string };

/** Every alarm of the system. */
export function alarmRules(config: Config, watched: Watched): readonly AlarmRule[] {
  return [...apiAlarms(watched), ...runnerAlarms(), ...deliveryAlarms(config)];
}

function apiAlarms({ apiId, messagesFunctionName }: Watched): AlarmRule[] {
  return [
    {
      id: 'ApiFails',
      description: 'The API answers calls with 5xx. The Lambdas say why in their logs.',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: apiId },
        statistic: 'Sum',
        period: FIVE_MINUTES,
      }),
      threshold: { above: 4 },
      periods: 1,
    },
    {
      id: 'ApiSlow',
      // Of the whole API, pairing and logging out wait for a phone, and would hide what they are compared to.
      description: 'One call in a hundred waits more than 3 s until its message is accepted.',
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Duration',
        dimensionsMap: { FunctionName: messagesFunctionName },
        statistic: 'p99',
        period: FIVE_MINUTES,
      }),
      threshold: { above: 3_000 },
      periods: 3,
    },
  ];
}

function runnerAlarms(): AlarmRule[] {
  return [
    {
      id: 'NoRunner',
      description: 'No runner has said anything for 3 minutes: no session is connected.',
      metric: metric('SessionsHeld', { statistic: 'SampleCount', period: MINUTE }),
      threshold: { below: 1 },
      periods: 3,
    },
    {
      id: 'SessionsDown',
      description:
        'On some runner more than a tenth of the sessions are not connected. WhatsApp may be down, or our address refused.',
      metric: metric('SessionsDownShare', { statistic: 'Maximum', period: FIVE_MINUTES }),
      threshold: { above: 10 },
      periods: 3,
    },
    {
      id: 'RunnersDied',
      description: 'A runner ended without a farewell. Its log and the stopped task say why.',
      metric: metric('RunnersDied', { statistic: 'Sum', period: FIVE_MINUTES }),
      threshold: { above: 0 },
      periods: 1,
    },
  ];
}

function deliveryAlarms(config: Config): AlarmRule[] {
  const dead = (name: string) =>
    new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: named(config, name) },
      statistic: 'Maximum',
      period: FIVE_MINUTES,
    });
  const view = { statistic: 'Sum', period: FIVE_MINUTES } as const;
  return [
    {
      id: 'DeadLetters',
      description: 'There are dead letters. docs/operations.md says how to look and to redrive.',
      metric: new MathExpression({
        expression: 'FILL(doorbells, 0) + FILL(stopped, 0)',
        usingMetrics: {
          doorbells: dead(DEAD_LETTERS.doorbells),
          stopped: dead(DEAD_LETTERS.stoppedRunners),
        },
        period: FIVE_MINUTES,
      }),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      id: 'WebhooksFail',
      description: 'More than half of the posts to webhooks fail, of at least twenty.',
      metric: new MathExpression({
        expression:
          'IF(FILL(failed, 0) + FILL(delivered, 0) >= 20, FILL(failed, 0) / (FILL(failed, 0) + FILL(delivered, 0)), 0)',
        usingMetrics: {
          failed: metric('WebhookAttempts', view, 'FAILED'),
          delivered: metric('WebhookAttempts', view, 'DELIVERED'),
        },
        period: FIVE_MINUTES,
      }),
      threshold: { above: 0.5 },
      periods: 3,
    },
  ];
}

export type AddAlarmOptions = { readonly config: Config; readonly topic: Topic };

/** The alarm of a rule, which tells the topic when it goes off and when it is over. */
export function addAlarm(
  scope: Construct,
  rule: AlarmRule,
  { config, topic }: AddAlarmOptions,
): Alarm {
  const alarm = new Alarm(scope, rule.id, {
    alarmName: named(config, rule.id),
    alarmDescription: rule.description,
    metric: rule.metric,
    evaluationPeriods: rule.periods,
    ...bound(rule.threshold),
  });
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

function bound(threshold: AlarmRule['threshold']) {
  return 'above' in threshold
    ? {
        threshold: threshold.above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }
    : {
        threshold: threshold.below,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      };
}
