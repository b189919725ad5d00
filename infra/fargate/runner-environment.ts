import type { Config } from '../config.ts';
import type { DataStack } from '../data-stack.ts';

/** On the loopback alone: the container's own check asks there. */
const HEALTH_PORT = 8_080;

/** What a runner is told: `AwsRunnerHome` of `shared/contracts/environment.ts`, and more. */
export function runnerEnvironment(config: Config, data: DataStack): Record<string, string> {
  return {
    STORAGE: 'aws',
    TABLE_NAME: data.table.tableName,
    QUEUE_URL_BASE: data.queueUrlBase,
    MEDIA_BUCKET: data.mediaBucket.bucketName,
    AUTH_BUCKET: data.authBucket.bucketName,
    KMS_KEY_ID: data.authKey.keyArn,
    SHARD_COUNT: String(config.shardCount),
    ALLOW_PRIVATE_URLS: '0',
    PACE: config.pace,
    HEALTH_PORT: String(HEALTH_PORT),
    LOG_LEVEL: config.logLevel,
  };
}
