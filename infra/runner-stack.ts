import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AvailabilityZoneRebalancing,
  Cluster,
  ContainerInsights,
  FargateService,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Config } from './config.ts';
import type { DataStack } from './data-stack.ts';
import { RunnerNetwork } from './fargate/runner-network.ts';
import { RunnerTask } from './fargate/runner-task.ts';
import { SessionScaling } from './fargate/session-scaling.ts';
import { StoppedRunners } from './fargate/stopped-runners.ts';

export type RunnerStackProps = StackProps & { readonly config: Config; readonly data: DataStack };

/** The runners: containers that hold the WhatsApp sessions. */
export class RunnerStack extends Stack {
  constructor(scope: Construct, id: string, { config, data, ...props }: RunnerStackProps) {
    super(scope, id, {
      description: 'WhatsApp bots: the runners, which hold the WhatsApp sessions.',
      ...props,
    });
    const network = new RunnerNetwork(this, 'Network', config);
    const cluster = this.#makeCluster(config, network);
    const { definition } = new RunnerTask(this, 'Task', { config, data, cluster });
    const isScaling = config.runnersMax > config.runnersMin;
    const service = new FargateService(this, 'Runners', {
      cluster,
      taskDefinition: definition,
      // Where the number follows the sessions, a deployment must not set it back.
      ...(!isScaling && { desiredCount: config.runnersMin }),
      // New runners come first, and take over what the old ones hand over.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      // To move a runner is to interrupt its sessions.
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      vpcSubnets: network.subnets,
      assignPublicIp: network.hasPublicAddresses,
      securityGroups: [network.securityGroup],
    });
    if (isScaling) new SessionScaling(this, 'Scaling', { service, config });
    new StoppedRunners(this, 'Stopped', { config, data, cluster });

    new CfnOutput(this, 'ClusterName', { value: cluster.clusterName });
    new CfnOutput(this, 'ServiceName', { value: service.serviceName });
  }

  #makeCluster({ containerInsights }: Config, { vpc }: RunnerNetwork): ICluster {
    const cluster = new Cluster(this, 'Cluster', {
      vpc,
      containerInsightsV2: containerInsights
        ? ContainerInsights.ENABLED
        : ContainerInsights.DISABLED,
    });
    if (!containerInsights) {
      acknowledge(
        cluster,
        'ECS4',
        'CloudWatch bills each of its metrics, and the runners tell themselves what matters. `containerInsights` switches it on.',
      );
    }
    // The class says `undefined` where its interface has an optional property.
    return cluster as ICluster;
  }
}
