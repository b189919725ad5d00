import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';

import { startSimulator } from '#simulator/simulator.ts';

const logger = pino({ level: 'silent' });

it('fails when a port is taken, and leaves nothing open', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'simulator-ports-'));
  const other = await mkdtemp(join(tmpdir(), 'simulator-ports-'));
  const running = await startSimulator({ dataDir, logger });
  const taken = [
    { controlPort: Number(new URL(running.controlUrl).port) },
    { wsPort: Number(new URL(running.url).port) },
    { mediaPort: Number(running.mediaHost.split(':')[1]) },
  ];
  for (const ports of taken) {
    await expect(startSimulator({ dataDir: other, logger, ...ports })).rejects.toThrow(
      'EADDRINUSE',
    );
  }
  await running.close();
  const again = await startSimulator({ dataDir, logger, ...taken[0], ...taken[1], ...taken[2] });
  expect(again).toMatchObject({ url: running.url, noiseRoot: running.noiseRoot });
  await again.close();
  for (const folder of [dataDir, other]) await rm(folder, { recursive: true });
});
