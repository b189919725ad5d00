import * as z from 'zod';
import {
  AwsHome,
  LogLevel,
  MESSAGES_PER_MINUTE_DEFAULT,
  MessagesPerMinute,
  MetricsTarget,
  OnOff,
  ShardCount,
  Switch,
} from '#shared/contracts/environment.ts';
import { SECRET_BYTES_MIN } from './auth/token-keys.ts';

const Secret = z.string().refine((secret) => Buffer.byteLength(secret) >= SECRET_BYTES_MIN, {
  error: `must have at least ${SECRET_BYTES_MIN} bytes`,
});

/** What every home's control plane is told. */
const Common = z.object({
  SHARD_COUNT: ShardCount,
  ALLOW_PRIVATE_URLS: Switch.default(false),
  /** As the runners are told. */
  PACE: OnOff.default(true),
  MESSAGES_PER_MINUTE: MessagesPerMinute.default(MESSAGES_PER_MINUTE_DEFAULT),
  LOG_LEVEL: LogLevel.default('info'),
  SERVICE_NAME: z.string().min(1).default('functions'),
});

/** On AWS nobody may register by himself unless the operator says so. */
const Env = z.discriminatedUnion('STORAGE', [
  Common.extend({
    STORAGE: z.literal('embedded'),
    DATA_DIR: z.string().min(1).default('.data'),
    JWT_SECRET: Secret,
    OPEN_REGISTRATION: Switch.default(true),
    METRICS: MetricsTarget.default('none'),
  }),
  Common.extend({
    STORAGE: z.literal('aws'),
    ...AwsHome.shape,
    /** Of Secrets Manager; its value is the secret itself, as text. */
    JWT_SECRET_ARN: z.string().min(1),
    OPEN_REGISTRATION: Switch.default(false),
    METRICS: MetricsTarget.default('emf'),
  }),
]);
export type Env = z.infer<typeof Env>;

/** The control plane's settings. Throws with the name of every variable that is wrong. */
export function readEnv(): Env {
  return Env.parse({ STORAGE: 'embedded', ...process.env });
}

/** X-Ray's id of the trace that this call of a Lambda belongs to: the `Root` of what the runtime says. */
export function readTraceId(): string | undefined {
  return /(?:^|;)Root=([^;]+)/.exec(process.env['_X_AMZN_TRACE_ID'] ?? '')?.[1];
}
