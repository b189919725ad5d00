import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Logger } from '#shared/log/create-logger.ts';
import { Child } from './child.ts';
import { childEnv } from './env.ts';
import { allowPrivateUrls, type LocalOptions, paceByDefault } from './local-options.ts';

const RunnerReady = z.object({ ready: z.literal(true), runnerId: z.string() });
export type RunnerReady = z.infer<typeof RunnerReady>;

const SimulatorReady = z.object({
  ready: z.literal(true),
  url: z.string(),
  controlUrl: z.string(),
  noiseRoot: z.string(),
  caCertificatePath: z.string(),
});
export type SimulatorReady = z.infer<typeof SimulatorReady>;

/** The simulated WhatsApp: its control API on SIMULATOR_PORT, its socket and its media on the two ports after it. */
export function simulatorChild(options: LocalOptions, log: Logger): Child<SimulatorReady> {
  const { SIMULATOR_PORT, DATA_DIR, LOG_LEVEL } = options;
  const portAfter = (steps: number) => String(SIMULATOR_PORT === 0 ? 0 : SIMULATOR_PORT + steps);
  const env = childEnv({
    SIMULATOR_PORT: portAfter(0),
    SIMULATOR_WS_PORT: portAfter(1),
    SIMULATOR_MEDIA_PORT: portAfter(2),
    DATA_DIR,
    LOG_LEVEL,
  });
  const modulePath = pathOf('../../simulator/main.ts');
  return new Child(
    { name: 'simulator', modulePath, env, log },
    { parseReady: (message) => SimulatorReady.safeParse(message).data },
  );
}

export type RunnerChildOptions = LocalOptions & {
  readonly name: string;
  /** Of the gateway, which serves the blobs whose URLs the runner makes. */
  readonly publicUrl: string;
  readonly simulated: SimulatorReady | undefined;
  /** Called with the id of a runner that has ended by itself. */
  readonly onEnded: (runnerId: string) => Promise<void>;
};

export function runnerChild(options: RunnerChildOptions, log: Logger): Child<RunnerReady> {
  const { DATA_DIR, LOG_LEVEL, SHARD_COUNT, TIMINGS_SCALE, name, publicUrl, simulated, onEnded } =
    options;
  const env = childEnv({
    STORAGE: 'embedded',
    DATA_DIR,
    LOG_LEVEL,
    SHARD_COUNT: String(SHARD_COUNT),
    TIMINGS_SCALE: String(TIMINGS_SCALE),
    PUBLIC_URL: publicUrl,
    ALLOW_PRIVATE_URLS: allowPrivateUrls(options) ? '1' : '0',
    PACE: paceByDefault(options) ? 'on' : 'off',
    ...(simulated && {
      WHATSAPP_URL: simulated.url,
      WHATSAPP_NOISE_ROOT: simulated.noiseRoot,
      // Node reads it once, at its start: the simulated media server has a certificate of its own.
      NODE_EXTRA_CA_CERTS: simulated.caCertificatePath,
    }),
  });
  const modulePath = pathOf('../../runner/main.ts');
  return new Child(
    { name, modulePath, env, log },
    {
      parseReady: (message) => RunnerReady.safeParse(message).data,
      onEnded: ({ runnerId }) => onEnded(runnerId),
    },
  );
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
