import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEcsAgent } from '../runner/placement/ecs-agent.ts';
import type { Fleet, RunnerProcess } from './fleet.ts';
import { LinkedFleet } from './linked-fleet.ts';
import type { LinkedInstance } from './linked-instance.ts';
import type { Traffic } from './traffic.ts';

/** A runner that is frozen is dead after six and a half seconds. */
const TIMINGS_SCALE = 0.5;

let linked: LinkedFleet;
let fleet: Fleet;
let instance: LinkedInstance;
let traffic: Traffic;
let first: RunnerProcess;

beforeAll(async () => {
  linked = await LinkedFleet.open({ shardCount: 1, timingsScale: TIMINGS_SCALE });
  ({ fleet, instance, traffic, first } = linked.parts);
}, 60_000);

afterAll(async () => {
  await linked.close();
});

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
  await linked.expectNoneLostOrDoubled();
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
