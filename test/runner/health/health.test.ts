import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Health, openHealthServer } from '#runner/health/health-server.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { childEnv } from '../../../infra/local/env.ts';

const { fenceAfterMs: FENCE_AFTER_MS } = PLACEMENT_TIMINGS;

const CHECK = fileURLToPath(new URL('../../../runner/health/check.ts', import.meta.url));
const WELL: Health = { state: 'ALIVE', sessions: 12, shards: 4, lastBeatAgoMs: 1_200 };

async function serverAtWork() {
  const shown = { health: WELL };
  const server = await openHealthServer(
    { port: 0, staleAfterMs: FENCE_AFTER_MS },
    () => shown.health,
  );
  onTestFinished(() => server.close());
  return { shown, port: server.port };
}

/** The exit code of the container's health check. */
async function check(port: number): Promise<number | null> {
  const child = spawn(process.execPath, [CHECK], { env: childEnv({ HEALTH_PORT: String(port) }) });
  return await new Promise((resolve) => child.once('exit', resolve));
}

describe('the health of a runner', () => {
  it('is told with 200 while the heart beats', async () => {
    const { port } = await serverAtWork();
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(WELL);
  });

  it('is good while the runner drains', async () => {
    const { shown, port } = await serverAtWork();
    shown.health = { ...WELL, state: 'DRAINING', lastBeatAgoMs: FENCE_AFTER_MS - 1 };
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('is bad when the runner should have let go', async () => {
    const { shown, port } = await serverAtWork();
    shown.health = { ...WELL, lastBeatAgoMs: FENCE_AFTER_MS };
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
  });

  it('is checked by a program of its own, which says so by its exit code', async () => {
    const { shown, port } = await serverAtWork();
    expect(await check(port)).toBe(0);
    shown.health = { ...WELL, lastBeatAgoMs: FENCE_AFTER_MS };
    expect(await check(port)).toBe(1);
  });

  it('is bad when nobody answers', async () => {
    const server = await openHealthServer({ port: 0, staleAfterMs: FENCE_AFTER_MS }, () => WELL);
    await server.close();
    expect(await check(server.port)).toBe(1);
  });
});
