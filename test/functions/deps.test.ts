import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startGateway } from '../infra/local/gateway-under-test.ts';
import { aContext } from './lambda-event.ts';

beforeEach(() => {
  // The dependencies are made once in the life of a process.
  vi.resetModules();
  vi.stubEnv('LOG_LEVEL', 'silent');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('makes what a Lambda works with, out of its environment', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-deps-'));
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('JWT_SECRET', 'thirty-two bytes are just enough');
  try {
    const { handler } = await import('#functions/health/handler.ts');
    const { url } = await startGateway((event) => handler(event, aContext()));
    const { statusCode, body } = await request(`${url}/healthz`);

    expect(statusCode).toBe(200);
    expect(await body.json()).toMatchObject({ data: { storage: 'ok' } });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

it('answers on AWS in our shape while nothing there can be reached', async () => {
  const environment = {
    STORAGE: 'aws',
    TABLE_NAME: 'table',
    QUEUE_URL_BASE: 'http://127.0.0.1:1/000000000000/x-',
    MEDIA_BUCKET: 'media',
    JWT_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:jwt-AbCdEf',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const health = await import('#functions/health/handler.ts');
  const instances = await import('#functions/instances/handler.ts');
  const { url } = await startGateway(async (event) => {
    const { handler } = event.rawPath === '/healthz' ? health : instances;
    return await handler(event, aContext());
  });
  // Three parts in base64url, so that the keys are asked for.
  const authorization = `Bearer ${btoa('{"alg":"HS256"}').replaceAll('=', '')}.e30.e30`;
  for (const path of ['/healthz', '/whatsapp']) {
    const { statusCode, body } = await request(`${url}${path}`, { headers: { authorization } });
    expect(statusCode).toBe(503);
    expect(await body.json()).toMatchObject({ error: { code: 'unavailable' } });
  }
});
