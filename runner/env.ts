import * as z from 'zod';
import {
  AwsRunnerHome,
  MetricsTarget,
  OnOff,
  ShardCount,
  Switch,
} from '#shared/contracts/environment.ts';
import { TimingsScale } from '#shared/contracts/placement-timings.ts';
import type { Network } from './whatsapp/network.ts';

/** What a runner is told in every home. */
const Common = z.object({
  SHARD_COUNT: ShardCount,
  ALLOW_PRIVATE_URLS: Switch.default(false),
  /** Whether sessions send at a pace where their customers say nothing. */
  PACE: OnOff.default(true),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SERVICE_NAME: z.string().min(1).default('runner'),
  /** Where it answers for its health, on the loopback interface alone; nowhere without it. */
  HEALTH_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** The simulated network's address, `ws://127.0.0.1:3002/ws/chat`. Without it, the runner speaks to WhatsApp itself. */
  WHATSAPP_URL: z.url().optional(),
  /** The simulated network's certificate root, 32 bytes in base64. */
  WHATSAPP_NOISE_ROOT: z.base64().optional(),
  /** ECS tells these two to every task. */
  ECS_CONTAINER_METADATA_URI_V4: z.url().optional(),
  ECS_AGENT_URI: z.url().optional(),
});

const RunnerEnv = z
  .discriminatedUnion('STORAGE', [
    Common.extend({
      STORAGE: z.literal('embedded'),
      DATA_DIR: z.string().min(1).default('.data'),
      /** Where the gateway serves blobs, `http://127.0.0.1:3000`. Without it, this runner makes no URLs of them. */
      PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
      METRICS: MetricsTarget.default('none'),
      TIMINGS_SCALE: TimingsScale,
    }),
    Common.extend({
      STORAGE: z.literal('aws'),
      ...AwsRunnerHome.shape,
      METRICS: MetricsTarget.default('emf'),
      /** The fence and the deadline of others must fit on every machine of the fleet. */
      TIMINGS_SCALE: z.coerce
        .number()
        .pipe(z.literal(1, { error: 'is for tests' }))
        .default(1),
    }),
  ])
  .refine((env) => (env.WHATSAPP_URL === undefined) === (env.WHATSAPP_NOISE_ROOT === undefined), {
    message: 'WHATSAPP_URL and WHATSAPP_NOISE_ROOT go together.',
  })
  .refine((env) => env.TIMINGS_SCALE === 1 || env.WHATSAPP_URL !== undefined, {
    path: ['TIMINGS_SCALE'],
    message: 'is for tests with the simulated network',
  });
export type RunnerEnv = z.infer<typeof RunnerEnv>;

/** What the runner's process is told. Throws with every fault at once. */
export function readRunnerEnv(): RunnerEnv {
  return RunnerEnv.parse({ STORAGE: 'embedded', ...process.env });
}

/** Which network the sockets speak to. */
export function toNetwork({ WHATSAPP_URL, WHATSAPP_NOISE_ROOT }: RunnerEnv): Network {
  if (WHATSAPP_URL === undefined || WHATSAPP_NOISE_ROOT === undefined) return { kind: 'whatsapp' };
  const noiseRoot = Buffer.from(WHATSAPP_NOISE_ROOT, 'base64');
  return { kind: 'simulated', url: WHATSAPP_URL, noiseRoot };
}
