import { describe, expect, it } from 'vitest';
import { makeHandler } from '#functions/runner-stopped/handler.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { silentLog } from '../../runner/silent-log.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';

const RUNNER = 'c13b4cb40f1f4fe4a2971f76ae5a47ad';

/** As EventBridge sends it, shortened. */
function taskEvent(lastStatus: string, more: object = {}) {
  const taskArn = `arn:aws:ecs:us-west-2:111122223333:task/FargateCluster/${RUNNER}`;
  return {
    version: '0',
    id: '3317b2af-7005-947d-b652-f55e762e571a',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: '111122223333',
    time: '2020-01-23T17:57:58Z',
    region: 'us-west-2',
    resources: [taskArn],
    detail: {
      clusterArn: 'arn:aws:ecs:us-west-2:111122223333:cluster/FargateCluster',
      containers: [{ name: 'runner', lastStatus, exitCode: 137 }],
      desiredStatus: 'STOPPED',
      group: 'service:runner',
      lastStatus,
      stopCode: 'EssentialContainerExited',
      taskArn,
      version: 3,
      ...more,
    },
  };
}

async function handlerAtWork() {
  const { storage, clock } = await openForTest();
  const runners = new RunnerRepository(storage.table);
  const metrics = recordedMetrics();
  const deps = { runners, metrics, logger: silentLog, now: clock.now };
  return {
    runners,
    clock,
    handle: makeHandler(() => deps),
    died: () => metrics.valuesOf('RunnersDied'),
    state: async () => (await runners.list()).map(({ state }) => state),
  };
}

describe('the function that hears of stopped tasks', () => {
  it('declares the runner of a task that stopped dead, and counts it once', async () => {
    const { runners, clock, handle, died, state } = await handlerAtWork();
    await runners.register(RUNNER, { at: clock.now() });
    await handle(taskEvent('STOPPED'));
    expect(await state()).toEqual(['DEAD']);
    await handle(taskEvent('STOPPED'));
    expect(died()).toEqual([1]);
  });

  it.each(['PROVISIONING', 'RUNNING', 'DEPROVISIONING'])('waits while it is %s', async (status) => {
    const { runners, clock, handle, died, state } = await handlerAtWork();
    await runners.register(RUNNER, { at: clock.now() });
    await handle(taskEvent(status));
    expect(await state()).toEqual(['ALIVE']);
    expect(died()).toEqual([]);
  });

  it('makes no record for a runner that took its farewell', async () => {
    const { handle, died, state } = await handlerAtWork();
    await handle(taskEvent('STOPPED'));
    expect(await state()).toEqual([]);
    expect(died()).toEqual([]);
  });

  it('refuses what is no such event', async () => {
    const { handle } = await handlerAtWork();
    await expect(handle({})).rejects.toThrow();
    await expect(handle(taskEvent('STOPPED', { taskArn: undefined }))).rejects.toThrow();
    const other = { ...taskEvent('STOPPED'), 'detail-type': 'ECS Service Action' };
    await expect(handle(other)).rejects.toThrow();
  });
});
