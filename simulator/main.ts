import { resolve } from 'node:path';
import process from 'node:process';
import { destination, pino } from 'pino';

import { readEnvironment } from './env.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/**
 * `npm run simulator`. It ends on SIGTERM and SIGINT, and, when it was forked with an IPC channel,
 * with its parent, to which it sends `{ready: true, …connection}`.
 */
async function main(): Promise<void> {
  const environment = readEnvironment();
  const logger = pino({ level: environment.LOG_LEVEL }, destination(process.stderr.fd));
  const simulator = await startSimulator({
    dataDir: resolve(environment.DATA_DIR),
    host: environment.SIMULATOR_HOST,
    controlPort: environment.SIMULATOR_PORT,
    wsPort: environment.SIMULATOR_WS_PORT,
    mediaPort: environment.SIMULATOR_MEDIA_PORT,
    logger,
  });
  const { close, ...connection } = simulator;
  if (process.send) process.send({ ready: true, ...connection });
  else process.stdout.write(welcome(simulator));
  await untilToldToEnd();
  if (process.connected) process.disconnect();
  await close();
}

function welcome({ url, controlUrl, mediaHost, caCertificatePath }: Simulator): string {
  return [
    `Simulated WhatsApp: ${url}`,
    `  control API:      ${controlUrl}`,
    `  media:            https://${mediaHost} (certificate: ${caCertificatePath})`,
    '',
  ].join('\n');
}

function untilToldToEnd(): Promise<void> {
  return new Promise((end) => {
    process.once('SIGTERM', () => end());
    process.once('SIGINT', () => end());
    process.once('disconnect', () => end());
  });
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
