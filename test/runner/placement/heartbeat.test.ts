import { describe, expect, it } from 'vitest';
import { beatUntil } from '#runner/placement/heartbeat.ts';
import { BEAT_EVERY_MS, RunnerRepository } from '#shared/repositories/runner-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { listeningLog } from '../silent-log.ts';
import { FaultyTable } from '../webhooks/faulty-table.ts';

async function heartAtWork() {
  const { storage, clock } = await openForTest();
  const table = new FaultyTable(storage.table);
  const runners = new RunnerRepository(table);
  const sleep = new ManualSleep();
  const stop = new AbortController();
  const { log, sentences } = listeningLog();
  const beating = beatUntil(
    'runner',
    { runners, now: clock.now, sleep: sleep.sleep, log },
    stop.signal,
  );
  return {
    table,
    sleep,
    stop,
    sentences,
    beating,
    isAlive: () => runners.isAlive('runner', clock.now()),
    /** The time of one beat passes. */
    async pass(): Promise<void> {
      const before = sleep.asked.length;
      clock.move(BEAT_EVERY_MS);
      sleep.wake();
      await until('it sleeps again', () => sleep.asked.length > before);
    },
  };
}

describe('beatUntil', () => {
  it('says that the runner is alive for as long as it is', async () => {
    const heart = await heartAtWork();
    for (let beats = 0; beats < 10; beats += 1) {
      await heart.pass();
      expect(await heart.isAlive()).toBe(true);
    }
    heart.stop.abort();
    await heart.beating;
    expect(await heart.isAlive()).toBe(false);
  });

  it('goes on after a beat that could not be written', async () => {
    const heart = await heartAtWork();
    heart.table.isAway = ({ kind }) => kind === 'write';
    await heart.pass();
    expect(heart.sentences()).toEqual(['A heartbeat could not be written.']);
    heart.table.isAway = () => false;
    await heart.pass();
    expect(await heart.isAlive()).toBe(true);
    heart.stop.abort();
    await heart.beating;
  });
});
