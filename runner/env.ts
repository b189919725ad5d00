import { z } from 'zod';
import { ShardCount, Switch } from '#shared/contracts/environment.ts';
import type { Network } from './whatsapp/network.ts';

/** What the runner's process is told. With neither of the two, it speaks to WhatsApp itself. */
const RunnerEnv = z
  .object({
    DATA_DIR: z.string().default('.data'),
    SHARD_COUNT: ShardCount,
    ALLOW_PRIVATE_URLS: Switch.default(false),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** The simulated network's address, `ws://127.0.0.1:3002/ws/chat`. */
    WHATSAPP_URL: z.url().optional(),
    /** The simulated network's certificate root, 32 bytes in base64. */
    WHATSAPP_NOISE_ROOT: z.base64().optional(),
  })
  .refine((env) => (env.WHATSAPP_URL === undefined) === (env.WHATSAPP_NOISE_ROOT === undefined), {
    message: 'WHATSAPP_URL and WHATSAPP_NOISE_ROOT go together.',
  });
export type RunnerEnv = z.infer<typeof RunnerEnv>;

/** Throws with every fault at once. */
export function readRunnerEnv(): RunnerEnv {
  return RunnerEnv.parse(process.env);
}

/** Which network the sockets speak to. */
export function toNetwork({ WHATSAPP_URL, WHATSAPP_NOISE_ROOT }: RunnerEnv): Network {
  if (WHATSAPP_URL === undefined || WHATSAPP_NOISE_ROOT === undefined) return { kind: 'whatsapp' };
  const noiseRoot = Buffer.from(WHATSAPP_NOISE_ROOT, 'base64');
  return { kind: 'simulated', url: WHATSAPP_URL, noiseRoot };
}
