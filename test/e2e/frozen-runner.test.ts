import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { startEcsAgent } from '../runner/placement/ecs-agent.ts';
import { Fleet, type RunnerProcess } from './fleet.ts';
import { LinkedInstance, NO_VIOLATIONS, violations } from './linked-instance.ts';
import { Traffic } from './traffic.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';

let fleet: Fleet;
let receiver: WebhookReceiver;
let instance: LinkedInstance;
let traffic: Traffic;
let first: RunnerProcess;

beforeAll(async () => {
  fleet = await Fleet.make();
  receiver = await openWebhookReceiver();
  first = await fleet.startRunner();
  const webhookUrl = receiver.url;
  instance = await LinkedInstance.make(fleet, { phone: BUSINESS, others: [CUSTOMER], webhookUrl });
  traffic = new Traffic(fleet, { instance, receiver, business: BUSINESS, customer: CUSTOMER });
}, 60_000);

afterAll(async () => {
  await fleet.remove();
  await receiver.close();
});

async function expectNoneLostOrDoubled(): Promise<void> {
  expect(await traffic.shown()).toEqual(traffic.sent);
  expect(await traffic.told()).toEqual(traffic.written);
  expect(await violations(fleet.simulator)).toEqual(NO_VIOLATIONS);
}

it('ends itself when it thaws after another has taken over', async () => {
  const second = await fleet.startRunner();
  traffic.start();
  await traffic.flows(4);
  await fleet.freeze(first);
  await fleet.untilHeldBy(second);
  await instance.untilStatus('CONNECTED');
  await traffic.flows(4);
  first.signal('SIGCONT');
  expect(await first.ended).toEqual({ code: 1, signal: null });
  await traffic.flows(4);
  await traffic.stop();
  await expectNoneLostOrDoubled();
  expect(await instance.status()).toBe('CONNECTED');
  first = second;
}, 60_000);

it('makes room for a runner of another version, and gives its protection back', async () => {
  const agent = await startEcsAgent();
  const task = (id: string, Revision: string) => () => ({
    body: { Family: 'runner', Revision, TaskARN: `arn:aws:ecs:eu-west-1:1:task/cluster/${id}` },
  });
  const env = { ECS_CONTAINER_METADATA_URI_V4: agent.metadataUri, ECS_AGENT_URI: agent.agentUri };
  agent.onTask = task('older', '26');
  const older = await fleet.startRunner(env);
  expect(older.runnerId).toBe('older');
  first.signal('SIGTERM');
  await first.ended;
  await fleet.untilHeldBy(older);

  agent.onTask = task('newer', '27');
  const newer = await fleet.startRunner(env);
  expect(await older.ended).toEqual({ code: 0, signal: null });
  await fleet.untilHeldBy(newer);
  await instance.untilStatus('CONNECTED');
  expect(agent.protections().slice(0, 2)).toEqual([
    { ProtectionEnabled: true, ExpiresInMinutes: 120 },
    { ProtectionEnabled: false },
  ]);
}, 40_000);
