import { afterAll, beforeAll, expect, it } from 'vitest';
import { scaledTimings } from '#shared/contracts/placement-timings.ts';
import type { WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import type { Fleet, RunnerProcess } from './fleet.ts';
import { LinkedFleet } from './linked-fleet.ts';
import type { LinkedInstance } from './linked-instance.ts';
import type { Traffic } from './traffic.ts';

/** What a person may notice of a deployment. */
const GAP_MS_MAX = 3_000;
const TIMINGS_SCALE = 0.5;
const { deadAfterMs, beatEveryMs } = scaledTimings(TIMINGS_SCALE);
/** The only session's shard is the only one: whoever has it has all. */
const SHARD_COUNT = 1;

let linked: LinkedFleet;
let fleet: Fleet;
let receiver: WebhookReceiver;
let instance: LinkedInstance;
let traffic: Traffic;
let first: RunnerProcess;
let second: RunnerProcess;

beforeAll(async () => {
  linked = await LinkedFleet.open({ shardCount: SHARD_COUNT, timingsScale: TIMINGS_SCALE });
  ({ fleet, receiver, instance, traffic, first } = linked.parts);
}, 60_000);

afterAll(async () => {
  await linked.close();
});

/** When the session changed to a status, most lately. */
function lastTold(status: string): number {
  const events = receiver.received.map(({ body }) => JSON.parse(body));
  return Math.max(
    ...events
      .filter(({ event, data }) => event === 'onStateChanged' && data === status)
      .map(({ ts }) => ts),
  );
}

it('leaves a session where it is when a second runner comes and nothing gets better by a move', async () => {
  second = await fleet.startRunner();
  await fleet.untilHeldBy(first);
  expect(await first.health()).toMatchObject({ state: 'ALIVE', sessions: 1, shards: 1 });
  expect(await second.health()).toMatchObject({ state: 'ALIVE', sessions: 0, shards: 0 });
});

it('moves the sessions to it, with a gap that is hardly noticed, when the first is told to end', async () => {
  traffic.start();
  await traffic.flows(4);
  first.signal('SIGTERM');
  expect(await first.ended).toEqual({ code: 0, signal: null });
  await fleet.untilHeldBy(second);
  await instance.untilStatus('CONNECTED');
  await traffic.flows(4);
  await traffic.stop();
  await linked.expectNoneLostOrDoubled();
  expect(lastTold('CONNECTED') - lastTold('DISCONNECTED')).toBeLessThan(GAP_MS_MAX);
  const known = await fleet.runners.list();
  expect(known.map(({ runnerId }) => runnerId)).toEqual([second.runnerId]);
}, 40_000);

it('has another take over from a runner that was killed, when it was silent for long enough', async () => {
  const third = await fleet.startRunner();
  traffic.start();
  await traffic.flows(4);
  const killedMs = Date.now();
  second.signal('SIGKILL');
  await second.ended;
  await fleet.untilHeldBy(third);
  expect(Date.now() - killedMs).toBeGreaterThan(deadAfterMs - beatEveryMs);
  await instance.untilStatus('CONNECTED');
  await traffic.stop();
  await linked.expectNoneLostOrDoubled();
}, 60_000);
