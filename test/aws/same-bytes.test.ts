import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '#shared/log/create-logger.ts';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import type { Gateway } from '../../infra/local/gateway.ts';
import { openGateway } from '../../infra/local/open-gateway.ts';
import { ATTACHMENT_CALLS } from './calls/attachment-calls.ts';
import { BOT_CALLS } from './calls/bot-calls.ts';
import { CONTACT_CALLS } from './calls/contact-calls.ts';
import { DIFFERENCES } from './calls/differences.ts';
import { DOCS_CALLS } from './calls/docs-calls.ts';
import { HTTP_CALLS } from './calls/http-calls.ts';
import { INSTANCE_CALLS } from './calls/instance-calls.ts';
import { KEY_CALLS } from './calls/key-calls.ts';
import { LOGIN_CALLS } from './calls/login-calls.ts';
import { MESSAGE_CALLS } from './calls/message-calls.ts';
import { SETTINGS_CALLS } from './calls/settings-calls.ts';
import { WEBHOOK_CALLS } from './calls/webhook-calls.ts';
import { apiUrlOf, type Deployment, outputOf, readDeployment } from './deployment.ts';
import { deploymentFile } from './env.ts';
import { HomeUnderTest } from './home-under-test.ts';
import { asAwsAnswers } from './ministack-gaps.ts';
import type { RawCall } from './raw-call.ts';
import { makeRunFolder } from './run-folder.ts';

/** Each is made in both homes; the answers must be the same. They change nothing that another one asks for. */
const CALLS = [
  ...HTTP_CALLS,
  ...LOGIN_CALLS,
  ...KEY_CALLS,
  ...INSTANCE_CALLS,
  ...MESSAGE_CALLS,
  ...CONTACT_CALLS,
  ...ATTACHMENT_CALLS,
  ...SETTINGS_CALLS,
  ...BOT_CALLS,
  ...WEBHOOK_CALLS,
  ...DOCS_CALLS,
];

/** `docs/api.md`: five wrong ones for an address, and the next is refused. */
const WRONG_LOGINS_MAX = 5;

let deployed: HomeUnderTest;
let local: HomeUnderTest;
let localStorage: EmbeddedStorage;
let gateway: Gateway;
let dataDir: string;

beforeAll(async () => {
  const deployment = await readDeployment(deploymentFile());
  dataDir = await makeRunFolder('same-bytes');
  const shardCount = Number(outputOf(deployment, 'ShardCount'));
  localStorage = await openEmbeddedStorage({ dataDir });
  const opened = await openGateway(
    {
      DATA_DIR: dataDir,
      PORT: 0,
      SIMULATOR_PORT: 0,
      SHARD_COUNT: shardCount,
      RUNNERS: 1,
      TIMINGS_SCALE: 1,
      MEDIA_DAYS: 30,
      LOG_LEVEL: 'silent',
      METRICS: 'none',
      OPEN_REGISTRATION: false,
      ALLOW_PRIVATE_URLS: false,
      PACE: true,
      MESSAGES_PER_MINUTE: undefined,
      isLive: false,
    },
    { storage: localStorage, log: createLogger({ name: 'same-bytes', level: 'silent' }) },
  );
  gateway = opened.gateway;
  const runId = randomUUID();
  [deployed, local] = await Promise.all([
    HomeUnderTest.make({
      base: apiUrlOf(deployment),
      operatorFlags: ['--aws'],
      runId,
      jwtSecret: await readSecret(deployment),
    }),
    HomeUnderTest.make({
      base: opened.url,
      operatorFlags: ['--data-dir', dataDir],
      runId,
      jwtSecret: await readFile(join(dataDir, 'jwt.key'), 'utf8'),
    }),
  ]);
});

afterAll(async () => {
  await gateway.close();
  await localStorage.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the deployed API answers the same bytes as the local one for', () => {
  it.each(CALLS)('%s', async (_, toCall) => {
    const [here, there] = await Promise.all([
      local.stableAnswer(toCall),
      deployed.stableAnswer(toCall),
    ]);
    expect(asAwsAnswers(there)).toEqual(here);
  });
});

describe('the homes differ, until somebody brings them together, in', () => {
  it.each(DIFFERENCES)('$name: $why', async ({ toCall, ...expected }) => {
    const [here, there] = await Promise.all([
      local.stableAnswer(toCall),
      deployed.stableAnswer(toCall),
    ]);
    expect([here.status, there.status]).toEqual([expected.local, expected.deployed]);
    expect(asAwsAnswers(there)).not.toEqual(here);
  });
});

it('has refusals of every kind in the table, and successes', async () => {
  const answers = await Promise.all(CALLS.map(([, toCall]) => local.stableAnswer(toCall)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 403, 404, 409]));
});

it('slows a guesser of passwords down in the same words', async () => {
  const guess = (): RawCall => ({
    method: 'POST',
    path: '/auth/login',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'guessed@example.com', password: 'a guess' }),
  });
  const [here, there] = await Promise.all(
    [local, deployed].map(async (home) => {
      for (let count = 0; count < WRONG_LOGINS_MAX; count += 1) await home.call(guess);
      const { headers, ...answer } = await home.stableAnswer(guess);
      const { 'retry-after': retryAfterS, ...others } = headers;
      expect(Number(retryAfterS)).toBeGreaterThan(0);
      return { ...answer, headers: others };
    }),
  );
  expect(here?.status).toBe(429);
  expect(there).toEqual(here);
});

async function readSecret(deployment: Deployment): Promise<string> {
  const client = new SecretsManagerClient();
  const SecretId = outputOf(deployment, 'JwtSecretArn');
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  client.destroy();
  return SecretString;
}
