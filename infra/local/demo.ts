import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runDemo } from './demo-story.ts';
import { readLocalEnv } from './env.ts';
import { startLocalSystem } from './local-system.ts';
import { openWebhookReceiver } from './webhook-receiver.ts';

const startedMs = performance.now();
let stepMs = startedMs;

/** One line a step: when it was done, how long it took, and what it was. */
function tell(step: string): void {
  const nowMs = performance.now();
  const total = `${((nowMs - startedMs) / 1000).toFixed(2)} s`.padStart(8);
  const taken = `+${Math.round(nowMs - stepMs)} ms`.padStart(9);
  process.stdout.write(`${total} ${taken}  ${step}\n`);
  stepMs = nowMs;
}

const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-demo-'));
const options = {
  ...readLocalEnv(),
  DATA_DIR: dataDir,
  PORT: 0,
  SIMULATOR_PORT: 0,
  ALLOW_PRIVATE_URLS: true,
  OPEN_REGISTRATION: true,
  isLive: false,
};
// It listens for as long as anything runs that could call it.
const receiver = await openWebhookReceiver();
const system = await startLocalSystem(options);
tell(`the system is up at ${system.url}, the simulated WhatsApp at ${system.simulatorUrl}`);
let exitCode = 0;
try {
  await runDemo({ url: system.url, simulatorUrl: system.simulatorUrl ?? '', receiver, tell });
  process.stdout.write('\nThe whole main job ran once, and every step was checked.\n');
} catch (error) {
  exitCode = 1;
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : error}\n`);
} finally {
  await system.stop();
  await receiver.close();
  await rm(dataDir, { recursive: true });
}
process.exit(exitCode);
