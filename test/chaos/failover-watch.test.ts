import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../../infra/local/api-client.ts';
import { silenceLibsignal } from '../silence-libsignal.ts';
import { call } from '../simulator/end-to-end/control-client.ts';
import { type Client, connect, pair } from '../simulator/end-to-end/paired-client.ts';
import { TemporarySimulator } from '../simulator/end-to-end/temporary-simulator.ts';
import { FailoverWatch } from './failover-watch.ts';

const NUMBER = '15550006001';
const ELSEWHERE = '15550006002';

silenceLibsignal();

let simulator: TemporarySimulator;
let client: Client;
let watch: FailoverWatch;
beforeEach(async () => {
  simulator = await TemporarySimulator.start();
  client = await pair(simulator.current, NUMBER);
  watch = new FailoverWatch(new ApiClient(simulator.current.controlUrl));
});
afterEach(async () => {
  await client.close();
  await simulator.remove();
});

const killRunner = async () => {
  const onKill = await watch.prepare('runner-1', async () => [NUMBER, ELSEWHERE]);
  onKill();
};

it('measures until another socket of the session has logged in', async () => {
  await killRunner();
  await client.close();
  client = await connect(simulator.current, client.state);
  await watch.finish();
  expect(watch.failovers).toEqual([
    { runner: 'runner-1', session: NUMBER, tookMs: expect.any(Number) },
  ]);
  expect(watch.failovers[0]?.tookMs).toBeLessThan(60_000);
});

it('is not misled by an old socket that seems to live until it is replaced', async () => {
  await killRunner();
  const old = client;
  client = await connect(simulator.current, old.state.snapshot());
  await watch.finish();
  expect(watch.failovers).toHaveLength(1);
  expect(watch.failovers[0]?.tookMs).toBeLessThan(60_000);
  await old.untilEnded();
});

it('does not measure a session that was away already', async () => {
  await client.close();
  await expect.poll(() => call<unknown[]>(simulator.current, 'GET', '/sockets')).toEqual([]);
  await killRunner();
  await watch.finish();
  expect(watch.failovers).toEqual([]);
});
