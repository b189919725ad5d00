import { fork } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { ApiClient } from '../../infra/local/api-client.ts';
import { cleanEnv } from './env.ts';
import { makeRunFolder, openRunLog } from './run-folder.ts';

const MAIN = new URL('../../simulator/main.ts', import.meta.url).pathname;
const READY_TIMEOUT_MS = 30_000;

const Ready = z.object({
  ready: z.literal(true),
  url: z.string(),
  controlUrl: z.string(),
  noiseRoot: z.string(),
  caCertificatePath: z.string(),
});

export type SimulatorProcess = {
  /** What a runner must be told to speak to it instead of WhatsApp. */
  readonly network: { readonly url: string; readonly noiseRoot: string };
  /** PEM: whom a client of its media server must trust. */
  readonly caCertificate: string;
  /** Its control API, which plays the phones. */
  readonly control: ApiClient;
  stop(): Promise<void>;
};

/** The simulated WhatsApp as a process of its own, on free ports, with nothing kept. */
export async function openSimulator(): Promise<SimulatorProcess> {
  const dataDir = await makeRunFolder('simulator');
  const log = await openRunLog('simulator');
  const child = fork(MAIN, {
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: cleanEnv({
      SIMULATOR_PORT: '0',
      SIMULATOR_WS_PORT: '0',
      SIMULATOR_MEDIA_PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
    }),
  });
  await log.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answer = await new Promise<unknown>((resolve, reject) => {
    const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
    timeout.addEventListener('abort', () => reject(new Error('The simulator did not get ready.')));
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The simulator ended with ${code}.`)));
  });
  const { url, noiseRoot, controlUrl, caCertificatePath } = Ready.parse(answer);
  return {
    network: { url, noiseRoot },
    caCertificate: await readFile(caCertificatePath, 'utf8'),
    control: new ApiClient(controlUrl),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
