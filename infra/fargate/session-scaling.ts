import { Duration } from 'aws-cdk-lib';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { metric } from '../operations/metric.ts';

/** A runner more is there within minutes and gets its share; one fewer moves its sessions, and that can wait. */
const OUT_COOLDOWN = Duration.minutes(2);
const IN_COOLDOWN = Duration.minutes(30);

export type SessionScalingProps = {
  readonly service: FargateService;
  readonly config: Config;
};

/**
 * Keeps as many runners as the sessions want: on average, each holds what `sessionsPerRunner` says. As the leader spreads
 * them evenly (ADR 11), the average is what each has, and a runner more takes load off all others. As each holds sessions,
 * each task is protected: a service that is to shrink waits until an operator stops a task (docs/operations.md).
 */
export class SessionScaling extends Construct {
  constructor(scope: Construct, id: string, { service, config }: SessionScalingProps) {
    super(scope, id);
    const count = service.autoScaleTaskCount({
      minCapacity: config.runnersMin,
      maxCapacity: config.runnersMax,
    });
    count.scaleToTrackCustomMetric('Sessions', {
      metric: metric('SessionsHeld', { statistic: 'Average', period: Duration.minutes(1) }),
      targetValue: config.sessionsPerRunner,
      scaleOutCooldown: OUT_COOLDOWN,
      scaleInCooldown: IN_COOLDOWN,
    });
  }
}
