import * as z from 'zod';
import { AwsHome, LogLevel, MetricsTarget } from '#shared/contracts/environment.ts';

/** Tasks stop on AWS alone. */
const Env = AwsHome.extend({
  STORAGE: z.literal('aws'),
  METRICS: MetricsTarget.default('emf'),
  LOG_LEVEL: LogLevel.default('info'),
  SERVICE_NAME: z.string().min(1).default('runner-stopped'),
});
export type Env = z.infer<typeof Env>;

/** Throws with the name of every variable that is wrong. */
export function readEnv(): Env {
  return Env.parse(process.env);
}
