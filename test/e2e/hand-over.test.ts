import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { Fleet, type RunnerProcess } from './fleet.ts';
import { LinkedInstance, NO_VIOLATIONS, violations } from './linked-instance.ts';
import { Traffic } from './traffic.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
/** What a person may notice of a deployment. */
const GAP_MS_MAX = 3_000;
const DEAD_AFTER_MS = 13_000;

let fleet: Fleet;
let receiver: WebhookReceiver;
let instance: LinkedInstance;
let traffic: Traffic;
let first: RunnerProcess;
let second: RunnerProcess;

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

/** When the session changed to a status, most lately. */
function lastTold(status: string): number {
  const events = receiver.received.map(({ body }) => JSON.parse(body));
  return Math.max(
    ...events
      .filter(({ event, data }) => event === 'onStateChanged' && data === status)
      .map(({ ts }) => ts),
  );
}

async function expectNoneLostOrDoubled(): Promise<void> {
  expect(await traffic.shown()).toEqual(traffic.sent);
  expect(await traffic.told()).toEqual(traffic.written);
  expect(await violations(fleet.simulator)).toEqual(NO_VIOLATIONS);
}

it('has the second runner stand by', async () => {
  second = await fleet.startRunner();
  await fleet.untilHeldBy(first);
  expect(await first.health()).toMatchObject({ state: 'ALIVE', sessions: 1, shards: 4 });
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
  await expectNoneLostOrDoubled();
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
  expect(Date.now() - killedMs).toBeGreaterThan(DEAD_AFTER_MS - 3_000);
  await instance.untilStatus('CONNECTED');
  await traffic.stop();
  await expectNoneLostOrDoubled();
}, 60_000);
