import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import type { SimulatorConnection } from '#simulator/simulator.ts';

const MAIN = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));

/** `npm run simulator` in a process of its own, on free ports. */
export async function forkSimulator(
  dataDir: string,
  ports: { readonly ws?: string } = {},
): Promise<{ readonly child: ChildProcess; readonly connection: SimulatorConnection }> {
  const child = fork(MAIN, {
    env: {
      DATA_DIR: dataDir,
      SIMULATOR_PORT: '0',
      SIMULATOR_WS_PORT: ports.ws ?? '0',
      SIMULATOR_MEDIA_PORT: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [message] = await once(child, 'message');
  expect(message).toMatchObject({ ready: true });
  // The child is our own main.ts, whose message has this type.
  return { child, connection: message as SimulatorConnection };
}

/** Resolves with its exit code when it is gone. */
export async function endFork(
  child: ChildProcess | undefined,
  signal: NodeJS.Signals,
): Promise<number | null> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return null;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}
