import { z } from 'zod';
import { ShardCount, Switch } from '#shared/contracts/environment.ts';

/** RFC 7518 §3.2: an HS256 key has at least as many bits as the hash. */
const JWT_SECRET_BYTES_MIN = 32;

const Env = z.object({
  /** Where everything is kept. `aws` is not built yet. */
  STORAGE: z.enum(['embedded']).default('embedded'),
  DATA_DIR: z.string().min(1).default('.data'),
  JWT_SECRET: z.string().refine((secret) => Buffer.byteLength(secret) >= JWT_SECRET_BYTES_MIN, {
    error: `must have at least ${JWT_SECRET_BYTES_MIN} bytes`,
  }),
  SHARD_COUNT: ShardCount,
  ALLOW_PRIVATE_URLS: Switch.default(false),
  OPEN_REGISTRATION: Switch.default(true),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
export type Env = z.infer<typeof Env>;

/** The control plane's settings. Throws with the name of every variable that is wrong. */
export function readEnv(): Env {
  return Env.parse(process.env);
}
