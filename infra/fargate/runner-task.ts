import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriverMode,
  Capability,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from '../acknowledge.ts';
import type { Config } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { ROOT_FOLDER } from '../lambda/bundle-function.ts';
import { runnerEnvironment } from './runner-environment.ts';
import { RunnerRole } from './runner-role.ts';

/** The longest that Fargate waits after SIGTERM: a runner hands over its sessions one by one. */
const STOP_TIMEOUT = Duration.seconds(120);
/** The image's own ordinary user. */
const USER = 'node';
/** What a log that is not taken away at once may hold before lines are dropped: the runner must not wait for it. */
const LOG_BUFFER = Size.mebibytes(4);

const HEALTH_CHECK = {
  command: ['CMD', 'node', 'runner/health/check.ts'],
  interval: Duration.seconds(10),
  timeout: Duration.seconds(5),
  startPeriod: Duration.seconds(60),
  retries: 3,
} as const;

export type RunnerTaskProps = {
  readonly config: Config;
  readonly data: DataStack;
  readonly cluster: ICluster;
};

/** What a runner's container is: its image, its size, its rights and its limits. */
export class RunnerTask extends Construct {
  readonly definition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, { config, data, cluster }: RunnerTaskProps) {
    super(scope, id);
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: config.runnerCpu,
      memoryLimitMiB: config.runnerMemoryMib,
      taskRole: new RunnerRole(this, 'Role', { config, data, cluster }),
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/${config.prefix}/runner`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // As process 1, a runner that has not got far enough to listen would never see SIGTERM.
    const linux = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linux.dropCapabilities(Capability.ALL);
    this.definition.addContainer('Runner', {
      // `.dockerignore` names the few files that it is made of.
      image: ContainerImage.fromAsset(ROOT_FOLDER, { platform: Platform.LINUX_ARM64 }),
      environment: runnerEnvironment(config, data),
      logging: LogDrivers.awsLogs({
        logGroup,
        streamPrefix: 'runner',
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: LOG_BUFFER,
      }),
      healthCheck: { ...HEALTH_CHECK, command: [...HEALTH_CHECK.command] },
      stopTimeout: STOP_TIMEOUT,
      user: USER,
      readonlyRootFilesystem: true,
      linuxParameters: linux,
    });
    acknowledge(
      this.definition,
      'ECS2',
      'They say where things are. There is no secret among them: a runner needs none but its role.',
    );
    acknowledgeWildcard(
      this.definition,
      '*',
      'ecr:GetAuthorizationToken, by which ECS pulls the image, knows no narrower resource.',
    );
  }
}
