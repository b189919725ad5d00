import type { Config } from '../config.ts';
import type { DataStack } from '../data-stack.ts';

/** What every Lambda is told about the home it is in: `AwsHome` of `shared/contracts/environment.ts`, and more. */
export function functionEnvironment(
  config: Config,
  { table, mediaBucket, queueUrlBase }: DataStack,
): Record<string, string> {
  return {
    STORAGE: 'aws',
    TABLE_NAME: table.tableName,
    QUEUE_URL_BASE: queueUrlBase,
    MEDIA_BUCKET: mediaBucket.bucketName,
    SHARD_COUNT: String(config.shardCount),
    LOG_LEVEL: config.logLevel,
  };
}
