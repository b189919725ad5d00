import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, it, vi } from 'vitest';
import { handler } from '#functions/health/handler.ts';
import { startGateway } from '../infra/local/gateway-under-test.ts';

it('makes what a deployed Lambda works with, out of its environment', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-deps-'));
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('JWT_SECRET', 'thirty-two bytes are just enough');
  vi.stubEnv('LOG_LEVEL', 'silent');
  try {
    const context = { awsRequestId: 'x' };
    const { url } = await startGateway((event) => handler(event, Object.create(context)));
    const { statusCode, body } = await request(`${url}/healthz`);

    expect(statusCode).toBe(200);
    expect(await body.json()).toMatchObject({ data: { storage: 'ok' } });
  } finally {
    vi.unstubAllEnvs();
    await rm(dataDir, { recursive: true });
  }
});
