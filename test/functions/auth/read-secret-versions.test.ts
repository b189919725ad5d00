import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { secretReader } from '#functions/auth/read-secret-versions.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:jwt-AbCdEf';
const CREATED_S = 1_795_000_000;

type Versions = { readonly AWSCURRENT?: string; readonly AWSPREVIOUS?: string };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A Secrets Manager that has one secret. */
async function secretsManager(versions: Versions): Promise<void> {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    const value = versions[body.VersionStage as keyof Versions];
    const isKnown = body.SecretId === ARN && value !== undefined;
    response.writeHead(isKnown ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        isKnown
          ? { ARN, SecretString: value, CreatedDate: CREATED_S, VersionStages: [body.VersionStage] }
          : { __type: 'ResourceNotFoundException', Message: 'There is no such version.' },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

const text = (key: Uint8Array | undefined) => new TextDecoder().decode(key);

it('reads the current version and the one before it', async () => {
  await secretsManager({ AWSCURRENT: 'n'.repeat(32), AWSPREVIOUS: 'o'.repeat(64) });
  const { current, previous } = await secretReader(ARN)();

  expect(text(current.key)).toBe('n'.repeat(32));
  expect(current.createdAt).toEqual(new Date(CREATED_S * 1000));
  expect(text(previous?.key)).toBe('o'.repeat(64));
});

it('finds no version before the first', async () => {
  await secretsManager({ AWSCURRENT: 'n'.repeat(32) });
  expect((await secretReader(ARN)()).previous).toBeUndefined();
});

it('refuses a secret that is too short to sign with, and does not show it', async () => {
  await secretsManager({ AWSCURRENT: 'short' });
  await expect(secretReader(ARN)()).rejects.toThrow('fewer than 32 bytes');
});

it('throws when there is no secret', async () => {
  await secretsManager({});
  await expect(secretReader(ARN)()).rejects.toThrow('There is no secret');
});
