import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { JournalKeys } from '#runner/journal/journal-keys.ts';
import { openAwsRunnerStorage } from '#shared/storage/aws/open-aws-storage.ts';
import { ApiClient } from '../../infra/local/api-client.ts';
import { until } from '../../infra/local/until.ts';
import { LinkedInstance, NO_VIOLATIONS, shownBy, violations } from '../e2e/linked-instance.ts';
import { type CustomerEndpoint, openCustomerEndpoint } from './customer-endpoint.ts';
import { apiUrlOf, type Deployment, outputOf, readDeployment } from './deployment.ts';
import { cleanEnv, deploymentFile } from './env.ts';
import { type FakeEcsAgent, openFakeEcsAgent } from './fake-ecs-agent.ts';
import { createAccountByOperator } from './operator.ts';
import { makeRunFolder } from './run-folder.ts';
import { RunnerProcess } from './runner-process.ts';
import { type RunnerTask, readRunnerTask } from './runner-task.ts';
import { openSimulator, type SimulatorProcess } from './simulator-process.ts';
import { taskGaps } from './task-gaps.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const PASSWORD = 'a password of the tests';
const EACH_WAY = 60;
/** So many are under way each way when the runner's host is gone. */
const BEFORE_THE_KILL = 8;

const Login = z.object({ data: z.object({ access_token: z.string() }) });
const Webhook = z.object({ data: z.object({ secret: z.string() }) });
const Event = z.object({ id: z.string(), event: z.string(), data: z.unknown() });
const WithMedia = z.object({ data: z.object({ media: z.object({ url: z.string() }) }) });
const RED = { width: 40, height: 30, channels: 3, background: 'red' } as const;
const Inbound = z.object({ body: z.string() });

let deployment: Deployment;
let task: RunnerTask;
let taskEnv: Record<string, string>;
let simulator: SimulatorProcess;
let folder: string;
let endpoint: CustomerEndpoint;
let api: ApiClient;
let instance: LinkedInstance;
const agents: FakeEcsAgent[] = [];
const runners: RunnerProcess[] = [];

beforeAll(async () => {
  deployment = await readDeployment(deploymentFile());
  [task, simulator, endpoint] = await Promise.all([
    readRunnerTask(deployment),
    openSimulator(),
    openCustomerEndpoint(),
  ]);
  folder = await makeRunFolder('task');
  const trusted = [endpoint.certificate];
  const gaps = await taskGaps(deployment, { task, simulator, folder, trusted });
  taskEnv = cleanEnv({ ...task.environment, ...gaps });
  await startRunner();
});

afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  await Promise.all(agents.map((agent) => agent.close()));
  await endpoint.close();
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an account', () => {
  const email = `owner-${randomUUID()}@example.com`;

  it('is made by nobody through the API', async () => {
    const visitor = new ApiClient(apiUrlOf(deployment));
    const reply = await visitor.call('POST', '/auth/register', { email, password: PASSWORD });
    expect(reply).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('is made by the operator, and logs in', async () => {
    const url = apiUrlOf(deployment);
    await createAccountByOperator({ email, password: PASSWORD, home: ['--aws'] });
    const reply = await new ApiClient(url).call('POST', '/auth/login', {
      email,
      password: PASSWORD,
    });
    api = new ApiClient(url, Login.parse(reply.body).data.access_token);
    expect(await api.call('GET', '/whatsapp')).toMatchObject({ status: 200, body: { data: [] } });
  });
});

describe('an instance', () => {
  it('is made and started, and linked by the phone that scans its code', async () => {
    const system = { api: async () => api, simulator: simulator.control };
    const options = { phone: BUSINESS, others: [CUSTOMER], webhookUrl: endpoint.url };
    instance = await LinkedInstance.make(system, options);
    expect(await instance.status()).toBe('CONNECTED');
  });

  it('keeps ECS from stopping its task', async () => {
    const { protection } = await until('the protection', async () =>
      agents.find((agent) => agent.protection.length > 0),
    );
    expect(protection).toEqual([{ ProtectionEnabled: true, ExpiresInMinutes: expect.any(Number) }]);
  });

  it('sends a text, which the phone shows once, and learns what became of it', async () => {
    const id = await instance.send(CUSTOMER, 'Hello from AWS');
    await until('the phone to have it', async () => {
      return (await shownBy(simulator.control, CUSTOMER)).find((message) => message.id === id);
    });
    await instance.untilState(id, 'READ');
    const shown = (await shownBy(simulator.control, CUSTOMER)).filter(
      (message) => message.id === id,
    );
    expect(shown).toMatchObject([{ text: 'Hello from AWS', fromMe: false, copies: 1 }]);
  });

  it('tells the customer of what the phone writes, signed', async () => {
    const query = new URLSearchParams({ session_id: instance.credentials.session_id });
    const reply = await api.call('GET', `/whatsapp/webhook?${query}`);
    const { secret } = Webhook.parse(reply.body).data;
    await write('Hello from the phone');
    const webhook = await until('the webhook', async () =>
      endpoint.received.find(({ body }) => body.includes('Hello from the phone')),
    );
    expect(Event.parse(JSON.parse(webhook.body))).toMatchObject({ event: 'onMessage' });
    endpoint.verify(webhook, secret);
    expect(() => endpoint.verify({ ...webhook, body: `${webhook.body} ` }, secret)).toThrow();
  });
});

describe('a picture', () => {
  it('goes from a call to the phone, and from the phone to a URL, byte for byte', async () => {
    const picture = await sharp({ create: RED }).png().toBuffer();
    const sha256 = createHash('sha256').update(picture).digest('hex');
    const form = new FormData();
    form.set('chatId', CUSTOMER);
    form.set('file', new File([picture], 'red.png', { type: 'image/png' }));
    const query = new URLSearchParams({ ...instance.credentials });
    const sent = await fetch(`${apiUrlOf(deployment)}/whatsapp/message/image?${query}`, {
      method: 'POST',
      body: form,
      headers: { prefer: 'wait=20' },
    });
    expect(sent.status).toBe(200);
    const shown = await until(
      'the phone to show it',
      async () =>
        JSON.stringify(await shownBy(simulator.control, CUSTOMER)).includes(sha256) || undefined,
    );
    expect(shown).toBe(true);

    const media = { type: 'image', mimetype: 'image/png', base64: picture.toString('base64') };
    await simulator.control.call('POST', `/phones/${CUSTOMER}/messages`, { to: BUSINESS, media });
    const url = await until('the event with its URL', async () =>
      endpoint.received
        .map(({ body }) => WithMedia.safeParse(JSON.parse(body)).data?.data.media.url)
        .find((found) => found !== undefined),
    );
    const fetched = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(fetched.equals(picture)).toBe(true);
  });
});

describe('a runner whose host is gone in the middle of its work', () => {
  it('is followed by another, which loses nothing and doubles nothing', async () => {
    const out = texts('out');
    const back = texts('in');
    const underWay = until('enough to be under way', async () => {
      return (
        (toldTexts('in ').length >= BEFORE_THE_KILL &&
          (await shownTexts('out ')).length >= BEFORE_THE_KILL) ||
        undefined
      );
    });
    const sending = inTurn(out, (text) => instance.send(CUSTOMER, text));
    const writing = inTurn(back, write);
    await underWay;
    await runners[0]?.kill();
    expect((await shownTexts('out ')).length).toBeLessThan(EACH_WAY);
    await startRunner();
    await Promise.all([sending, writing]);

    await until('the phone to have all', async () => {
      return (await shownTexts('out ')).length >= out.length || undefined;
    });
    await until('the customer to know all', async () => {
      return toldTexts('in ').length >= back.length || undefined;
    });
    expect(await shownTexts('out ')).toEqual(out);
    expect(toldTexts('in ')).toEqual(back);
    expect(await violations(simulator.control)).toEqual(NO_VIOLATIONS);
    await instance.untilStatus('CONNECTED');
  }, 120_000);
});

describe('the end', () => {
  it('of an instance leaves nothing of its auth state', async () => {
    const storage = openAwsRunnerStorage({
      tableName: outputOf(deployment, 'TableName'),
      queueUrlBase: outputOf(deployment, 'QueueUrlBase'),
      mediaBucket: outputOf(deployment, 'MediaBucketName'),
      authBucket: outputOf(deployment, 'AuthBucketName'),
      kmsKeyId: outputOf(deployment, 'AuthKeyArn'),
    });
    const { prefix } = new JournalKeys(await instanceId());
    const listed = async () => (await Array.fromAsync(storage.authBlobs.list(prefix))).length;
    expect(await listed()).toBeGreaterThan(0);
    expect(await api.call('DELETE', `/whatsapp/${await instanceId()}`)).toMatchObject({
      status: 204,
    });
    await until('the auth state to be gone', async () => (await listed()) === 0 || undefined);
    expect(await api.call('GET', '/whatsapp')).toMatchObject({ status: 200, body: { data: [] } });
    await storage.close();
  });

  it('of a task comes within its time, with the protection given back', async () => {
    const startedMs = performance.now();
    expect(await runners[1]?.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(task.stopTimeoutS * 1_000);
    expect(agents[1]?.protection.at(-1)).toEqual({ ProtectionEnabled: false });
  });
});

/** Each runner is a task of its own. */
async function startRunner(): Promise<void> {
  const agent = await openFakeEcsAgent(randomUUID().replaceAll('-', ''));
  agents.push(agent);
  const customerDns = new URL('./fixtures/customer-dns.ts', import.meta.url).href;
  runners.push(
    await RunnerProcess.start({
      command: ['node', 'runner/main.ts'],
      healthCommand: task.healthCommand,
      env: {
        ...taskEnv,
        ...agent.environment,
        // The customer's endpoint is on this machine.
        ALLOW_PRIVATE_URLS: '1',
        PACE: 'off',
        NODE_OPTIONS: `--import=${customerDns}`,
      },
    }),
  );
}

async function instanceId(): Promise<string> {
  const Listed = z.object({ data: z.array(z.object({ _id: z.string() })) });
  const { data } = Listed.parse((await api.call('GET', '/whatsapp')).body);
  return data[0]?._id ?? '';
}

async function write(text: string): Promise<void> {
  const reply = await simulator.control.call('POST', `/phones/${CUSTOMER}/messages`, {
    to: BUSINESS,
    text,
  });
  expect(reply.status).toBeLessThan(300);
}

function texts(kind: string): string[] {
  return Array.from({ length: EACH_WAY }, (_, index) => `${kind} ${index}`);
}

async function inTurn(all: string[], work: (text: string) => Promise<unknown>): Promise<void> {
  for (const text of all) await work(text);
}

async function shownTexts(start: string): Promise<string[]> {
  const messages = await shownBy(simulator.control, CUSTOMER);
  return messages
    .flatMap(({ text, fromMe }) => (fromMe ? [] : (text ?? [])))
    .filter((text) => text.startsWith(start));
}

/** Of `onMessage`, each event once, as they arrived first. */
function toldTexts(start: string): string[] {
  const events = endpoint.received.map(({ body }) => Event.parse(JSON.parse(body)));
  const unique = new Map(events.map((event) => [event.id, event]));
  return [...unique.values()]
    .filter(({ event }) => event === 'onMessage')
    .map(({ data }) => Inbound.parse(data).body)
    .filter((text) => text.startsWith(start));
}
