import { createLogger, type Logger } from '#shared/log/create-logger.ts';
import { createEmfMetrics } from '#shared/metrics/emf-metrics.ts';
import { type GatheredMetrics, silentMetrics } from '#shared/metrics/metrics.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { openAwsStorage } from '#shared/storage/aws/open-aws-storage.ts';
import { readEnv } from './env.ts';

/** It needs no more than the table. */
export type Deps = {
  readonly runners: Pick<RunnerRepository, 'markDead'>;
  readonly metrics: GatheredMetrics;
  readonly logger: Logger;
  readonly now: () => Date;
};

let made: Deps | undefined;

/** The dependencies by this process's environment, made at the first call and kept for the next. */
export function getDeps(): Deps {
  made ??= makeFromEnv();
  return made;
}

function makeFromEnv(): Deps {
  const env = readEnv();
  const { table } = openAwsStorage({
    tableName: env.TABLE_NAME,
    queueUrlBase: env.QUEUE_URL_BASE,
    mediaBucket: env.MEDIA_BUCKET,
  });
  return {
    runners: new RunnerRepository(table),
    metrics: env.METRICS === 'emf' ? createEmfMetrics() : silentMetrics,
    logger: createLogger({ name: env.SERVICE_NAME, level: env.LOG_LEVEL }),
    now: () => new Date(),
  };
}
